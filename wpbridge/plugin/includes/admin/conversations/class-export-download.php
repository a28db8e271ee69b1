<?php
/**
 * Sends an export to the browser.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin\Conversations;

use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * An export as a download. It is whole, or it is none: the service's answer is kept in a temporary file until
 * its end has come, and the file is deleted whatever happens.
 */
final class Export_Download {

	/**
	 * The file names that the service gives.
	 */
	private const DISPOSITION = '/^attachment; filename="(?:conversation|member)-\d+\.(?:json|csv)"$/';

	/**
	 * Constructor.
	 *
	 * @param Conversations_Client $client The way to the service.
	 */
	public function __construct( private readonly Conversations_Client $client ) {}

	/**
	 * Sends an export, or says why there is none. After it was sent the request has to end.
	 *
	 * @param array $request What to ask the service for.
	 * @return array|WP_Error|null Null when it was sent; the page that says why it was refused, as Conversations_Client
	 *                             has it.
	 */
	public function send( array $request ): array|WP_Error|null {
		$file = wp_tempnam( 'jetonomy-sidecar-export' );

		if ( '' === $file ) {
			return new WP_Error( 'jetonomy_sidecar_no_file', __( 'WordPress cannot write a temporary file.', 'jetonomy-sidecar' ), array( 'status' => 500 ) );
		}

		ignore_user_abort( true );
		set_time_limit( 0 );

		try {
			$answer = $this->client->export( $request, $file );

			if ( is_wp_error( $answer ) || isset( $answer['html'] ) ) {
				return $answer;
			}

			$this->print( $answer, $file );
		} finally {
			wp_delete_file( $file );
		}

		return null;
	}

	/**
	 * Prints the file.
	 *
	 * @param array  $headers Of the service's answer.
	 * @param string $file    The file.
	 */
	private function print( array $headers, string $file ): void {
		while ( ob_get_level() > 0 && ob_end_clean() ) {
			continue; // Nothing but the file.
		}

		nocache_headers();
		header( 'Content-Type: ' . ( str_starts_with( $headers['content-type'], 'text/csv' ) ? 'text/csv; charset=UTF-8' : 'application/json; charset=UTF-8' ) );
		header( 'Content-Disposition: ' . ( preg_match( self::DISPOSITION, $headers['content-disposition'] ) ? $headers['content-disposition'] : 'attachment' ) );
		header( 'Content-Length: ' . (string) filesize( $file ) );
		header( 'X-Content-Type-Options: nosniff' );
		readfile( $file ); // phpcs:ignore WordPress.WP.AlternativeFunctions.file_system_operations_readfile -- A temporary file.
	}
}
