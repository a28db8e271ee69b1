<?php
/**
 * What the live inbox has to know.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Member;

use Jetonomy_Sidecar\Notify\Names;
use Jetonomy_Sidecar\Settings;
use Jetonomy_Sidecar\Urls;

defined( 'ABSPATH' ) || exit;

/**
 * The attribute data-config of <jetonomy-messages>: the type Config of wpbridge/inbox/src/types.ts. It is for the
 * member and the page of this request. An attribute, as an inline script would not run again where Jetonomy swaps
 * a part of a page in place, nor at all under a strict Content-Security-Policy.
 */
final class Inbox_Config {

	/**
	 * Where the id of a conversation or the login of a recipient goes in an address.
	 */
	private const PLACEHOLDER = '%s';

	/**
	 * What the sidecar enforces and no setting changes, in characters: the longest title of a group, and the
	 * shortest text that members are looked for with.
	 */
	private const LONGEST_TITLE   = 120;
	private const SHORTEST_SEARCH = 3;

	/**
	 * Milliseconds between two polls of an open thread, and of all else.
	 */
	private const POLL_THREAD = 10000;
	private const POLL_LIST   = 30000;

	/**
	 * Width of an avatar in pixels, the same that the sidecar gives.
	 */
	private const AVATAR = 40;

	/**
	 * Constructor.
	 *
	 * @param Settings $settings The settings.
	 */
	public function __construct( private readonly Settings $settings ) {}

	/**
	 * The sidecar's routes where the web server may pass them on to the sidecar itself: always at /wp-json/,
	 * whatever the site's permalinks are.
	 */
	public static function direct_url(): string {
		return home_url( '/wp-json/' );
	}

	/**
	 * Where WordPress gives a new nonce to who is signed in.
	 */
	public static function renew_url(): string {
		return admin_url( 'admin-ajax.php?action=rest-nonce' );
	}

	/**
	 * The configuration as JSON. It has no character but quotation marks that HTML knows, so that escaping it for
	 * an attribute changes nothing that a name or a translation says: esc_attr() leaves an &amp; in it as it is.
	 */
	public function to_json(): string {
		return (string) wp_json_encode( $this->to_array(), JSON_HEX_AMP | JSON_HEX_TAG | JSON_HEX_APOS | JSON_HEX_QUOT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );
	}

	/**
	 * The configuration.
	 *
	 * @return array As the type Config.
	 */
	public function to_array(): array {
		$settings = $this->settings->all();

		return array(
			'user'         => get_current_user_id(),
			'rest'         => rest_url(),
			'direct'       => self::direct_url(),
			'nonce'        => wp_create_nonce( 'wp_rest' ),
			'renew'        => self::renew_url(),
			'urls'         => array(
				'inbox'        => Urls::inbox(),
				'conversation' => Urls::conversation( self::PLACEHOLDER ),
				'compose'      => add_query_arg( 'to', self::PLACEHOLDER, Urls::inbox() ),
				'login'        => wp_login_url( Page_Controller::address() ),
			),
			'limits'       => array(
				'message' => $settings['message_length'],
				'group'   => $settings['group_limit'],
				'title'   => self::LONGEST_TITLE,
				'search'  => self::SHORTEST_SEARCH,
			),
			'conversation' => Routes::conversation_id(),
			'to'           => self::to(),
			'compose'      => Page::COMPOSE === Page::current()?->view,
			'locale'       => self::language_tag( determine_locale() ),
			'poll'         => array(
				'thread' => self::POLL_THREAD,
				'list'   => self::POLL_LIST,
			),
			'strings'      => Inbox_Strings::all(),
		);
	}

	/**
	 * A locale of WordPress's as a BCP 47 language tag. Language, script and region only: browsers refuse what
	 * else WordPress puts there, as in pt_PT_ao90.
	 *
	 * @param string $locale The locale.
	 */
	public static function language_tag( string $locale ): string {
		$is_known = preg_match( '/^[a-z]{2,3}(?:[_-][a-z]{4})?(?:[_-](?:[a-z]{2}|\d{3}))?(?![a-z\d])/i', $locale, $matches );

		return $is_known ? str_replace( '_', '-', $matches[0] ) : 'en';
	}

	/**
	 * Whom the page's ?to= means, as the type Person: of several the first that there is, and never the member
	 * themselves. Null where that is nobody, false where it is only the member. Whether they can be written to is the
	 * sidecar's to say.
	 */
	private static function to(): array|false|null {
		$to = Page::current()?->to();

		if ( null === $to ) {
			return Page::current()?->is_to_oneself() ? false : null;
		}

		return array(
			'id'           => $to->ID,
			'login'        => $to->user_login,
			'display_name' => '' === $to->display_name ? $to->user_login : Names::plain( $to->display_name ),
			'avatar'       => (string) get_avatar_url( $to->ID, array( 'size' => self::AVATAR ) ),
		);
	}
}
