<?php
/**
 * Tells the sidecar that options changed.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Bridge;

use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Settings;

defined( 'ABSPATH' ) || exit;

/**
 * After a request that changed an option which the sidecar reads, sends it one signed call that makes it
 * read them again at once. Nothing depends on its arrival: the sidecar looks by itself every few seconds.
 */
final class Poke {

	/**
	 * REST path of the call.
	 */
	public const PATH = '/jetonomy-sidecar/v1/poke';

	/**
	 * Whether the call is due at the end of this request.
	 *
	 * @var bool
	 */
	private bool $is_due = false;

	/**
	 * Whether the keys are among what changed.
	 *
	 * @var bool
	 */
	private bool $keys_changed = false;

	/**
	 * Constructor.
	 *
	 * @param Keys           $keys   The keys to sign with.
	 * @param Sidecar_Client $client The way to the sidecar.
	 */
	public function __construct( private readonly Keys $keys, private readonly Sidecar_Client $client ) {}

	/**
	 * Watches the options.
	 */
	public function register(): void {
		add_action( 'added_option', array( $this, 'notice' ) );
		add_action( 'updated_option', array( $this, 'notice' ) );
		add_action( 'deleted_option', array( $this, 'notice' ) );
	}

	/**
	 * Sees an option that changed.
	 *
	 * @param string $option Its name.
	 */
	public function notice( $option ): void {
		global $wpdb;

		$watched = array(
			Extension_Switch::OPTION,
			Settings::OPTION,
			Keys::OPTION,
			'home',
			'siteurl',
			$wpdb->get_blog_prefix() . 'user_roles',
		);

		if ( ! in_array( $option, $watched, true ) || wp_installing() ) {
			return;
		}

		$this->keys_changed = $this->keys_changed || Keys::OPTION === $option;

		if ( ! $this->is_due ) {
			$this->is_due = true;
			add_action( 'shutdown', array( $this, 'send' ) );
		}
	}

	/**
	 * Sends the call. Signed with the previous key where the keys changed, as the sidecar does not know
	 * the new one yet. This also runs at the end of an uninstallation: then there is no file left to load
	 * a class from, and no key, and none is to be made.
	 */
	public function send(): void {
		if ( ! is_file( JETONOMY_SIDECAR_FILE ) ) {
			return;
		}

		$key = ( $this->keys_changed ? $this->keys->previous() : null ) ?? $this->keys->existing();

		$this->is_due       = false;
		$this->keys_changed = false;

		if ( null === $key ) {
			return;
		}

		$timestamp = time();

		$this->client->request(
			'POST',
			self::PATH,
			array(
				'X-Jetonomy-Key'       => $key->kid(),
				'X-Jetonomy-Timestamp' => (string) $timestamp,
				'X-Jetonomy-Signature' => $key->sign_request( 'POST', self::PATH, $timestamp, '' ),
			),
			'',
			array(
				'timeout'  => 1,
				'blocking' => false,
			)
		);
	}
}
