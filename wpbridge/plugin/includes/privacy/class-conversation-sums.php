<?php
/**
 * What WordPress's page of a large export shows.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Privacy;

defined( 'ABSPATH' ) || exit;

/**
 * Sums messages up by conversation, page by page of the export: the sidecar gives them conversation by
 * conversation. What is given to WordPress is bounded, as somebody may have more conversations than it can keep
 * messages.
 */
final class Conversation_Sums {

	/**
	 * Items that WordPress is given at most.
	 */
	private const MOST = 2000;

	/**
	 * Where an export begins: messages and conversations so far, items given to WordPress, and the
	 * conversation whose messages come now.
	 */
	public const BEGINNING = array(
		'messages'      => 0,
		'conversations' => 0,
		'shown'         => 0,
		'current'       => null,
	);

	/**
	 * Constructor.
	 *
	 * @param array $sums BEGINNING, or what sums() said after the page before.
	 */
	public function __construct( private array $sums ) {}

	/**
	 * The sums so far.
	 */
	public function sums(): array {
		return $this->sums;
	}

	/**
	 * Adds an item, and gives what WordPress is to show now.
	 *
	 * @param array $item  As the sidecar gives it.
	 * @param array $shown The same, as WordPress would show it.
	 * @return array[] Items for WordPress.
	 */
	public function add( array $item, array $shown ): array {
		if ( 'conversations' !== ( $item['group'] ?? '' ) ) {
			return $this->bounded( array( ...$this->finished(), $shown ) );
		}

		$id     = (int) ( $item['conversation_id'] ?? 0 );
		$fields = array_column( (array) ( $item['fields'] ?? array() ), 'value', 'name' );
		$date   = (string) ( $fields['Date'] ?? '' );
		$before = ( $this->sums['current']['id'] ?? null ) === $id ? array() : $this->finished();

		$this->sums['current'] ??= array(
			'id'       => $id,
			'title'    => (string) ( $fields['Conversation'] ?? '' ),
			'messages' => 0,
			'first'    => $date,
		);

		++$this->sums['messages'];
		++$this->sums['current']['messages'];
		$this->sums['current']['last'] = $date;

		return $this->bounded( $before );
	}

	/**
	 * Ends, and gives what WordPress is to show at last: also where the rest is.
	 *
	 * @return array[] Items for WordPress.
	 */
	public function end(): array {
		$shown = $this->bounded( $this->finished() );

		return array(
			...$shown,
			self::described(
				Export_Item::of(
					'conversations',
					'file',
					array(
						'File'          => Messages_File::NAME,
						'Conversations' => number_format_i18n( $this->sums['conversations'] ),
						'Messages'      => number_format_i18n( $this->sums['messages'] ),
					)
				)
			),
		);
	}

	/**
	 * The conversation whose messages have all come, if there is one.
	 *
	 * @return array[] An item or none.
	 */
	private function finished(): array {
		$current = $this->sums['current'];

		if ( null === $current ) {
			return array();
		}

		$this->sums['current'] = null;
		++$this->sums['conversations'];

		return array(
			self::described(
				Export_Item::of(
					'conversations',
					'conversation-' . $current['id'],
					array(
						'Conversation'  => $current['title'],
						'Messages'      => number_format_i18n( $current['messages'] ),
						'First message' => $current['first'],
						'Last message'  => $current['last'],
					)
				)
			),
		);
	}

	/**
	 * As many of the items as may still be shown.
	 *
	 * @param array[] $items Items for WordPress.
	 */
	private function bounded( array $items ): array {
		$items = array_slice( $items, 0, self::MOST - $this->sums['shown'] );

		$this->sums['shown'] += count( $items );

		return $items;
	}

	/**
	 * An item that says, above its group, where the messages are: WordPress takes that from the first one.
	 *
	 * @param array $item The item.
	 */
	private static function described( array $item ): array {
		$item['group_description'] = sprintf(
			/* translators: 1: name of a file, 2: number of entries, such as 2,000. */
			__( 'There are too many messages to show here. All of them, and everything else that is kept about private messages, are in the file %1$s in this archive. Here is an entry for each conversation; where there would be more than %2$s entries, the rest is in that file only.', 'jetonomy-sidecar' ),
			Messages_File::NAME,
			number_format_i18n( self::MOST )
		);

		return $item;
	}
}
