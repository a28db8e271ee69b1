<?php
/**
 * Writes conversations into the tables behind the service's back, with only the columns that Jetonomy's demo
 * seeder writes: conversations.php JSON prints the ids, as JSON. The service takes such rows in within seconds.
 *
 * JSON is a list of
 *
 *     { "title": "", "type": "direct", "people": [ 7, 8 ], "messages": [ [ 7, "<p>HTML</p>" ] ],
 *       "times": 1, "rounds": 1, "into": 0 }
 *
 * times is how many such conversations there are, rounds how often each has the messages; %d in a title counts the
 * former, %d in a message the messages. The first of the people has begun it. With into, a conversation's id, the
 * messages go there, and title, type, people and times mean nothing.
 *
 * @package Jetonomy_Sidecar
 */

require __DIR__ . '/load.php';

/**
 * Inserts rows, many at a time.
 *
 * @param string  $table   Name without a prefix.
 * @param string  $columns Names.
 * @param array[] $rows    Values, all of them strings or integers.
 */
function site_insert( string $table, string $columns, array $rows ): void {
	global $wpdb;

	foreach ( array_chunk( $rows, 500 ) as $some ) {
		$values = array();
		foreach ( $some as $row ) {
			$values[] = '(' . implode( ',', array_map( static fn( $value ): string => is_int( $value ) ? (string) $value : $wpdb->prepare( '%s', $value ), $row ) ) . ')';
		}
		if ( false === $wpdb->query( "INSERT INTO {$wpdb->prefix}$table ($columns) VALUES " . implode( ',', $values ) ) ) {
			throw new RuntimeException( $wpdb->last_error );
		}
	}
}

$ids = array();
$now = current_time( 'mysql', true );

$wpdb->query( 'START TRANSACTION' );

foreach ( json_decode( $argv[1], true, 16, JSON_THROW_ON_ERROR ) as $wanted ) {
	$wanted += array(
		'title'  => '',
		'type'   => 'direct',
		'people' => array(),
		'times'  => 1,
		'rounds' => 1,
		'into'   => 0,
	);
	$count    = count( $wanted['messages'] ) * $wanted['rounds'];
	$messages = array();
	$persons  = array();

	for ( $n = 1; $n <= $wanted['times']; $n++ ) {
		$id = $wanted['into'];
		if ( 0 === $id ) {
			$conversation = array(
				'title'                => str_replace( '%d', (string) $n, $wanted['title'] ),
				'type'                 => $wanted['type'],
				'created_by'           => $wanted['people'][0],
				'last_message_at'      => $now,
				'last_message_preview' => substr( wp_strip_all_tags( str_replace( '%d', (string) $count, end( $wanted['messages'] )[1] ) ), 0, 200 ),
				'message_count'        => $count,
				'created_at'           => $now,
			);
			if ( false === $wpdb->insert( "{$wpdb->prefix}jt_pro_conversations", $conversation ) ) {
				throw new RuntimeException( $wpdb->last_error );
			}
			$id = (int) $wpdb->insert_id;
			foreach ( $wanted['people'] as $person ) {
				$persons[] = array( $id, $person, $now, 0, 0, 0, $now );
			}
		}
		$ids[] = $id;
		$place = 0;
		for ( $round = 0; $round < $wanted['rounds']; $round++ ) {
			foreach ( $wanted['messages'] as list( $sender, $content ) ) {
				$content    = str_replace( '%d', (string) ++$place, $content );
				$messages[] = array( $id, $sender, $content, wp_strip_all_tags( $content ), 0, $now );
			}
		}
	}

	site_insert( 'jt_pro_conversation_participants', 'conversation_id, user_id, last_read_at, is_muted, is_archived, is_blocked, joined_at', $persons );
	site_insert( 'jt_pro_messages', 'conversation_id, sender_id, content, content_plain, is_system, created_at', $messages );
}

$wpdb->query( 'COMMIT' );

echo wp_json_encode( $ids ), "\n";
