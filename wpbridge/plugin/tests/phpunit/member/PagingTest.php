<?php
/**
 * Lists that do not fit on one page.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Member\Page;
use Jetonomy_Sidecar\Member\Read_Mark;
use Jetonomy_Sidecar\Urls;

require_once __DIR__ . '/member-page-case.php';

/**
 * The links of a page lead through all of a list, each entry once; and what is seen is read.
 */
final class PagingTest extends Member_Page_Case {

	/**
	 * Answers as a service with so many conversations and, in conversation 7, so many messages.
	 *
	 * @param int $total How many.
	 */
	private function have( int $total ): void {
		$this->fake_service(
			static function ( string $method, string $path, ?array $body, array $call ) use ( $total ): array {
				parse_str( $call['query'], $query );

				if ( 'GET' !== $method || str_ends_with( $path, '/conversations/7' ) ) {
					return array(
						'id'    => 7,
						'title' => 'Tea',
						'type'  => 'direct',
					);
				}

				// Both lists begin with the newest. Cursors are the service's secret: they need care in an address.
				$is_thread = str_ends_with( $path, '/messages' );
				$cursor    = (string) ( $is_thread ? $query['before'] ?? '' : $query['cursor'] ?? '' );
				$before    = '' === $cursor ? $total + 1 : (int) base64_decode( substr( $cursor, strlen( 'c+/&' ) ) );
				$rows      = array();

				for ( $id = $before - 1; $id > 0 && count( $rows ) < (int) $query['limit']; $id-- ) {
					$rows[] = $is_thread
						? array(
							'id'         => $id,
							'content'    => "<p>number-$id.</p>",
							'created_at' => '2026-01-01T00:00:00Z',
						)
						: array(
							'id'    => $id,
							'title' => "number-$id.",
							'type'  => 'group',
						);
				}

				return array(
					'data' => $rows,
					'meta' => array(
						'has_more'    => $id > 0,
						'cursor_next' => $id > 0 ? 'c+/&' . base64_encode( (string) ( $id + 1 ) ) : null,
						'unread'      => true,
					),
				);
			}
		);
	}

	/**
	 * Follows a link through all pages.
	 *
	 * @param string $url  The first page.
	 * @param string $text What the link says.
	 * @return string[] The pages by address.
	 */
	private function follow( string $url, string $text ): array {
		$pages = array();

		while ( '' !== $url ) {
			$this->assertArrayNotHasKey( $url, $pages, 'the links lead in a circle' );
			$pages[ $url ] = $this->open( $url );
			$url           = $this->link( $pages[ $url ], $text );
		}

		return $pages;
	}

	/**
	 * The numbers on a page, in its order.
	 *
	 * @param string $html The page.
	 * @return int[]
	 */
	private function numbers( string $html ): array {
		preg_match_all( '/number-(\d+)\./', $html, $found );

		return array_map( 'intval', $found[1] );
	}

	/**
	 * @dataProvider totals
	 * @param int $total How many conversations.
	 * @param int $pages On how many pages.
	 */
	public function test_conversations_by_the_twenty( int $total, int $pages ): void {
		$this->have( $total );
		$this->sign_in( 'member1' );

		foreach ( array( '/%postname%/', '' ) as $structure ) {
			$this->set_permalinks( $structure );

			foreach ( array( Urls::inbox(), add_query_arg( 'filter', 'archived', Urls::inbox() ) ) as $folder ) {
				$this->service_calls = array();
				$found               = $this->follow( $folder, 'Older conversations' );

				$this->assertCount( $pages, $found );
				$this->assertSame( $total > 0 ? range( $total, 1 ) : array(), array_merge( ...array_map( array( $this, 'numbers' ), array_values( $found ) ) ) );

				foreach ( array_values( $found ) as $n => $html ) {
					$this->assertLessThanOrEqual( 20, count( $this->numbers( $html ) ) );
					$this->assertSame( 0 === $n ? '' : $folder, $this->link( $html, 'Back to the newest' ) );
				}

				foreach ( $this->service_calls as $call ) {
					$this->assertStringContainsString( 'limit=20', $call['query'] );
					$this->assertStringContainsString( str_contains( $folder, 'archived' ) ? 'filter=archived' : 'filter=active', $call['query'] );
				}
			}
		}
	}

	/**
	 * @return array<string, array{int, int}>
	 */
	public function totals(): array {
		return array(
			'none'        => array( 0, 1 ),
			'a full page' => array( 20, 1 ),
			'one more'    => array( 21, 2 ),
			'many'        => array( 65, 4 ),
		);
	}

	/**
	 * @dataProvider lengths
	 * @param int $total How many messages.
	 * @param int $pages On how many pages.
	 */
	public function test_messages_by_the_thirty_in_the_order_of_reading( int $total, int $pages ): void {
		$this->have( $total );
		$this->sign_in( 'member1' );

		$found = array_values( $this->follow( Urls::conversation( 7 ), 'Older messages' ) );

		$this->assertCount( $pages, $found );
		$this->assertSame( range( 1, $total ), array_merge( ...array_map( array( $this, 'numbers' ), array_reverse( $found ) ) ) );

		foreach ( $found as $n => $html ) {
			$this->assertLessThanOrEqual( 30, count( $this->numbers( $html ) ) );
			$this->assertSame( 0 === $n ? 1 : 0, substr_count( $html, 'id="latest"' ) );
			$this->assertSame( 0 === $n ? '' : Urls::conversation( 7 ), $this->link( $html, 'Back to the newest' ) );
			$this->assertStringContainsString( 'id="reply"', $html );
		}
	}

	/**
	 * @return array<string, array{int, int}>
	 */
	public function lengths(): array {
		return array(
			'one'         => array( 1, 1 ),
			'a full page' => array( 30, 1 ),
			'one more'    => array( 31, 2 ),
			'many'        => array( 95, 4 ),
		);
	}

	public function test_an_empty_list_says_so(): void {
		$this->have( 0 );
		$this->sign_in( 'member1' );

		$this->assertStringContainsString( 'No messages yet', $this->open( Urls::inbox() ) );
		$this->assertStringContainsString( 'Nothing is archived', $this->open( add_query_arg( 'filter', 'archived', Urls::inbox() ) ) );
	}

	public function test_the_newest_messages_are_read_when_they_are_seen(): void {
		$this->have( 31 );
		$this->sign_in( 'member1' );
		$html  = $this->open( Urls::conversation( 7 ) );
		$older = $this->link( $html, 'Older messages' );

		$this->assertSame( array(), $this->changes(), 'the page alone reads nothing' );
		$this->assertSame( 1, preg_match( '#<noscript><img src="([^"]+)" alt=""#', $html, $image ) );
		$this->assertStringNotContainsString( '<noscript>', $this->open( $older ), 'what is newer was not seen' );

		foreach ( $this->service_calls as $call ) {
			$this->assertTrue( ! str_ends_with( $call['path'], '/messages' ) || str_contains( $call['query'], 'mark_read=false' ), 'reading is said in so many words' );
		}

		$image = html_entity_decode( $image[1] );
		$this->assertSame( 403, $this->ask_for( add_query_arg( 'conversation', 8, $image ) ), 'the nonce of another conversation' );
		$this->assertSame( 403, $this->ask_for( remove_query_arg( '_wpnonce', $image ) ) );

		$_SERVER['HTTP_SEC_PURPOSE'] = 'prefetch;prerender';
		$this->assertSame( 204, $this->ask_for( $image ) );
		unset( $_SERVER['HTTP_SEC_PURPOSE'] );
		$this->assertSame( array(), $this->changes(), 'a browser that loads ahead sees nothing' );

		$this->assertSame( 204, $this->ask_for( $image ) );
		$this->assertSame( array( array( '/jetonomy/v1/conversations/7/read', array( 'message_id' => 31 ) ) ), array_map( static fn( array $call ): array => array( $call['path'], $call['json'] ), $this->changes() ) );

		$this->switch_extension( false );
		$this->assertSame( 404, $this->ask_for( $image ) );
		$this->assertCount( 1, $this->changes() );
	}

	/**
	 * Asks for an image, as a browser does, and gives the status.
	 *
	 * @param string $url Its address.
	 */
	private function ask_for( string $url ): int {
		parse_str( (string) wp_parse_url( $url, PHP_URL_QUERY ), $_GET );
		$_REQUEST                  = $_GET;
		$_SERVER['REQUEST_METHOD'] = 'GET';

		return $this->end_of( static fn() => do_action( 'admin_post_' . Read_Mark::ACTION ) )->status;
	}
}
