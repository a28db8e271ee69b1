<?php
/**
 * Messages of a large export, beside WordPress's own file.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Privacy;

use WP_Error;
use ZipArchive;

defined( 'ABSPATH' ) || exit;

/**
 * Takes the messages of a large export out of what WordPress collects, writes them into a file of their own, and
 * adds that to the archive. An archive without it is deleted: it would look complete.
 *
 * Whoever asks the Exporter itself and collects its pages without WordPress gets all of the messages from it.
 */
final class Messages_File {

	/**
	 * The file's name in the archive.
	 */
	public const NAME = 'private-messages.json';

	/**
	 * Hooks it in: before WordPress takes a page, and before anybody else takes the archive.
	 */
	public function register(): void {
		add_filter( 'wp_privacy_personal_data_export_page', array( $this, 'take' ), 5, 7 );
		add_action( 'wp_privacy_personal_data_export_file_created', array( $this, 'add_to_archive' ), 1, 5 );
		add_action( 'wp_privacy_personal_data_export_file', array( $this, 'look_for_it' ), PHP_INT_MAX );
		add_action( 'wp_privacy_delete_old_export_files', array( Messages_Draft::class, 'forget_deleted' ), 20 );
	}

	/**
	 * Takes the messages out of a page.
	 *
	 * @param mixed  $response       The exporter's answer.
	 * @param int    $exporter_index The exporter's number.
	 * @param string $email          The person's e-mail address.
	 * @param int    $page           From 1.
	 * @param int    $request_id     WordPress's request.
	 * @param bool   $send_as_email  Whether the archive is sent.
	 * @param string $exporter_key   The exporter's name.
	 */
	public function take( $response, $exporter_index, $email, $page, $request_id, $send_as_email, $exporter_key ): mixed {
		if ( Exporter::NAME !== $exporter_key || ! is_array( $response ) ) {
			return $response;
		}

		$large = $response[ Exporter::LARGE ] ?? null;

		unset( $response[ Exporter::LARGE ] );

		if ( 1 === (int) $page ) {
			Messages_Draft::discard( (int) $request_id );
		}

		if ( null === $large ) {
			return $response;
		}

		$draft = 1 === (int) $page
			? Messages_Draft::begin( (int) $request_id, $large['user_id'], $large['login'] )
			: Messages_Draft::of( (int) $request_id );

		if ( null === $draft ) {
			return 1 === (int) $page ? self::not_written() : Export_Error::out_of_step();
		}

		$shown    = array();
		$is_added = $draft->add(
			$large,
			static function ( Export_File $file, array $before ) use ( $large, $response, &$shown ): array {
				$sums = new Conversation_Sums( $before );

				foreach ( $large['items'] as $i => $item ) {
					$file->add( $item );
					array_push( $shown, ...$sums->add( $item, $response['data'][ $i ] ) );
				}

				if ( '' === $large['next'] ) {
					$file->end();
					array_push( $shown, ...$sums->end() );
				}

				return $sums->sums();
			}
		);

		if ( ! $is_added ) {
			return self::not_written();
		}

		// What is behind the sidecar's items is WordPress's own.
		$response['data'] = array( ...$shown, ...array_slice( $response['data'], count( $large['items'] ) ) );

		return $response;
	}

	/**
	 * Adds the file to the archive. Where that is not possible the request ends, as WordPress ends it where it
	 * cannot make the archive.
	 *
	 * @param string $archive    Path of the archive.
	 * @param string $url        Its address.
	 * @param string $html       Path of the page in it, which WordPress deletes later.
	 * @param int    $request_id WordPress's request.
	 * @param string $json       Path of the JSON in it, the same.
	 */
	public function add_to_archive( $archive, $url, $html, $request_id, $json = '' ): void {
		$draft = Messages_Draft::of( (int) $request_id );

		if ( null === $draft ) {
			return;
		}

		$is_added = $draft->is_whole() && self::add( (string) $archive, $draft->path() );

		Messages_Draft::discard( (int) $request_id );

		if ( ! $is_added ) {
			self::fail( (string) $archive, (string) $html, (string) $json );
		}
	}

	/**
	 * Ends the request where the archive is made, and nobody has asked for the file: another plugin may make
	 * it in WordPress's place. The mail with its address would be next.
	 *
	 * @param int $request_id WordPress's request.
	 */
	public function look_for_it( $request_id ): void {
		if ( null === Messages_Draft::of( (int) $request_id ) ) {
			return;
		}

		Messages_Draft::discard( (int) $request_id );

		$archive = (string) get_post_meta( (int) $request_id, '_export_file_name', true );

		self::fail( '' === $archive ? '' : wp_privacy_exports_dir() . basename( $archive ) );
	}

	/**
	 * Deletes what is not complete, and ends the request.
	 *
	 * @param string ...$paths Paths of files, '' for none.
	 */
	private static function fail( string ...$paths ): never {
		array_map( 'wp_delete_file', array_filter( $paths ) );

		wp_send_json_error( esc_html__( 'The private messages could not be added to the archive, which was deleted, because it would not have been complete. See whether the disk is full, or another plugin makes the archive, then start the export again.', 'jetonomy-sidecar' ) );
		exit; // Not reached: wp_send_json_error() ends.
	}

	/**
	 * Adds a file to an archive, and looks whether it is there.
	 *
	 * @param string $archive Path of the archive.
	 * @param string $path    Path of the file.
	 */
	private static function add( string $archive, string $path ): bool {
		set_time_limit( 0 );

		$zip = new ZipArchive();

		if ( true !== $zip->open( $archive ) ) {
			return false;
		}

		$is_added = $zip->addFile( $path, self::NAME )
			&& $zip->setCompressionName( self::NAME, ZipArchive::CM_DEFLATE, 1 ); // Somebody waits: a tenth of the time, for a quarter more bytes.

		if ( ! $zip->close() || ! $is_added || true !== $zip->open( $archive, ZipArchive::RDONLY ) ) {
			return false;
		}

		$entry = $zip->statName( self::NAME );
		$zip->close();

		return is_array( $entry ) && filesize( $path ) === $entry['size'];
	}

	/**
	 * The error where the file cannot be written, or has gone.
	 */
	private static function not_written(): WP_Error {
		return Export_Error::give(
			new WP_Error(
				'jetonomy_sidecar_no_file',
				sprintf(
					/* translators: %s: path of a folder. */
					__( 'The private messages could not be written into a file in %s. See whether the disk is full and whether WordPress may write there, then start the export again.', 'jetonomy-sidecar' ),
					wp_privacy_exports_dir()
				)
			)
		);
	}
}
