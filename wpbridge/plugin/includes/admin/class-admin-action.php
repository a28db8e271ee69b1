<?php
/**
 * Something that a form in wp-admin does.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

defined( 'ABSPATH' ) || exit;

/**
 * What all handlers of admin-post.php begin and end with.
 */
final class Admin_Action {

	/**
	 * Query argument that tells the next page what was done.
	 */
	public const DONE = 'jetonomy-sidecar-done';

	/**
	 * Lets only those pass who may do this, by a form that this site printed for them, and by POST.
	 *
	 * @param string $action     The action, which its nonce is named after.
	 * @param string $capability What it needs.
	 */
	public static function check( string $action, string $capability ): void {
		if ( ! current_user_can( $capability ) ) {
			wp_die( esc_html__( 'Sorry, you are not allowed to do that.', 'jetonomy-sidecar' ), '', array( 'response' => 403 ) );
		}

		check_admin_referer( $action );

		if ( 'POST' !== ( $_SERVER['REQUEST_METHOD'] ?? '' ) ) {
			wp_die( esc_html__( 'This page takes forms only.', 'jetonomy-sidecar' ), '', array( 'response' => 405 ) );
		}
	}

	/**
	 * Goes on to a page that says what was done, and ends the request.
	 *
	 * @param string $url  A page of this site.
	 * @param string $done What was done, a word.
	 */
	public static function leave( string $url, string $done ): never {
		wp_safe_redirect( add_query_arg( self::DONE, $done, $url ) );
		exit;
	}

	/**
	 * What was done just now, or ''.
	 */
	public static function done(): string {
		// Shown as one of a few fixed sentences; nothing is done because of it.
		return sanitize_key( wp_unslash( $_GET[ self::DONE ] ?? '' ) ); // phpcs:ignore WordPress.Security.NonceVerification.Recommended
	}

	/**
	 * The hidden fields and the beginning of a form that does this.
	 *
	 * @param string $action The action.
	 * @param array  $fields Further hidden values by name.
	 * @return string Escaped HTML, without the end tag.
	 */
	public static function open_form( string $action, array $fields = array() ): string {
		$html = sprintf(
			'<form method="post" action="%1$s"><input type="hidden" name="action" value="%2$s">%3$s',
			esc_url( admin_url( 'admin-post.php' ) ),
			esc_attr( $action ),
			str_replace( 'id="_wpnonce" ', '', wp_nonce_field( $action, '_wpnonce', true, false ) ) // Pages have several forms.
		);

		foreach ( $fields as $name => $value ) {
			$html .= sprintf( '<input type="hidden" name="%1$s" value="%2$s">', esc_attr( $name ), esc_attr( (string) $value ) );
		}

		return $html;
	}
}
