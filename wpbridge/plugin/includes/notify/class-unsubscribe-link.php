<?php
/**
 * The link that ends mail.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Notify;

use Jetonomy\Notifications\Notifier;

defined( 'ABSPATH' ) || exit;

/**
 * Signed links in mails, good for 60 days: with Jetonomy its own kind, which it understands even where this
 * plugin is gone, else one of ours. What a link says is trusted only after its signature was checked.
 */
final class Unsubscribe_Link {

	/**
	 * Query variables of both kinds.
	 */
	private const USER     = 'uid';
	private const TYPE     = 'type';
	private const TOKEN    = 'jetonomy_sidecar_unsubscribe';
	private const EXPIRES  = 'jetonomy_sidecar_expires';
	private const J_TOKEN  = 'jetonomy_unsubscribe';
	private const J_EXPIRY = 'jetonomy_unsub_exp';

	/**
	 * Seconds for which one of ours is good.
	 */
	private const LIFETIME = 60 * DAY_IN_SECONDS;

	/**
	 * A link for a member.
	 *
	 * @param int $user_id The member.
	 */
	public static function make( int $user_id ): string {
		if ( self::has_jetonomy() ) {
			$expires = Notifier::unsubscribe_expiry();
			$query   = array(
				self::J_TOKEN  => Notifier::unsubscribe_token( $user_id, Preferences::TYPE, $expires ),
				self::J_EXPIRY => $expires,
				self::USER     => $user_id,
				self::TYPE     => Preferences::TYPE,
			);
		} else {
			$expires = time() + self::LIFETIME;
			$query   = array(
				self::TOKEN   => self::sign( $user_id, $expires ),
				self::EXPIRES => $expires,
				self::USER    => $user_id,
			);
		}

		return add_query_arg( $query, home_url( '/' ) );
	}

	/**
	 * Whether a query is that of such a link, good or not.
	 *
	 * @param array $query The query, unslashed.
	 */
	public static function is_one( array $query ): bool {
		return isset( $query[ self::TOKEN ] )
			|| ( isset( $query[ self::J_TOKEN ] ) && Preferences::TYPE === ( $query[ self::TYPE ] ?? '' ) && self::has_jetonomy() );
	}

	/**
	 * Whose link it is, or 0 where it is not good.
	 *
	 * @param array $query The query, unslashed.
	 */
	public static function user_id( array $query ): int {
		$query   = array_filter( $query, 'is_string' );
		$user_id = absint( $query[ self::USER ] ?? 0 );

		if ( isset( $query[ self::TOKEN ] ) ) {
			$expires = absint( $query[ self::EXPIRES ] ?? 0 );
			$is_good = $expires >= time() && hash_equals( self::sign( $user_id, $expires ), $query[ self::TOKEN ] );
		} else {
			$is_good = isset( $query[ self::J_TOKEN ] )
				&& Preferences::TYPE === ( $query[ self::TYPE ] ?? '' )
				&& self::has_jetonomy()
				&& Notifier::verify_unsubscribe( $user_id, Preferences::TYPE, $query[ self::J_TOKEN ], absint( $query[ self::J_EXPIRY ] ?? 0 ) );
		}

		return $is_good && get_userdata( $user_id ) ? $user_id : 0;
	}

	/**
	 * The signature of one of ours.
	 *
	 * @param int $user_id The member.
	 * @param int $expires Unix seconds.
	 */
	private static function sign( int $user_id, int $expires ): string {
		return hash_hmac( 'sha256', "jetonomy-sidecar unsubscribe\n{$user_id}\n{$expires}", wp_salt() );
	}

	/**
	 * Whether Jetonomy makes such links.
	 */
	private static function has_jetonomy(): bool {
		return method_exists( Notifier::class, 'unsubscribe_expiry' )
			&& method_exists( Notifier::class, 'unsubscribe_token' )
			&& method_exists( Notifier::class, 'verify_unsubscribe' );
	}
}
