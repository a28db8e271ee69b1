<?php
/**
 * The blocks.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Blocks;

use Jetonomy_Sidecar\Member\Navigation;
use WP_Block;

defined( 'ABSPATH' ) || exit;

/**
 * Registers the Messages link and the Message button as blocks that the server renders.
 */
final class Blocks {

	/**
	 * The script that shows them in the editor; block.json names it too.
	 */
	private const EDITOR_SCRIPT = 'jetonomy-sidecar-blocks';

	/**
	 * Constructor.
	 *
	 * @param Navigation $navigation Makes the links.
	 */
	public function __construct( private readonly Navigation $navigation ) {}

	/**
	 * Hooks the blocks in.
	 */
	public function register(): void {
		add_action( 'init', array( $this, 'register_blocks' ) );
	}

	/**
	 * Registers the blocks.
	 */
	public function register_blocks(): void {
		wp_register_script(
			self::EDITOR_SCRIPT,
			plugins_url( 'assets/blocks.js', JETONOMY_SIDECAR_FILE ),
			array( 'wp-blocks', 'wp-block-editor', 'wp-components', 'wp-element', 'wp-i18n', 'wp-server-side-render' ),
			JETONOMY_SIDECAR_VERSION,
			true
		);
		wp_set_script_translations( self::EDITOR_SCRIPT, 'jetonomy-sidecar' );

		register_block_type( __DIR__ . '/messages-link', array( 'render_callback' => array( $this, 'render_link' ) ) );
		register_block_type( __DIR__ . '/message-button', array( 'render_callback' => array( $this, 'render_button' ) ) );
	}

	/**
	 * The Messages link.
	 */
	public function render_link(): string {
		return $this->wrap( $this->navigation->link() );
	}

	/**
	 * The Message button: to the user in its setting, else to the author of the post around it, else to the
	 * author whose archive this is.
	 *
	 * @param array    $attributes The block's settings.
	 * @param string   $content    Unused.
	 * @param WP_Block $block      The block.
	 */
	public function render_button( $attributes, $content, $block ): string {
		$user = trim( (string) ( $attributes['user'] ?? '' ) );

		if ( '' === $user ) {
			$post_id = (int) ( $block->context['postId'] ?? 0 );
			$user    = is_author() ? (int) get_queried_object_id() : (int) get_post_field( 'post_author', $post_id );
		}

		return $this->wrap( $this->navigation->button( $user ) );
	}

	/**
	 * Puts the block's wrapper around its HTML, and none around nothing.
	 *
	 * @param string $html Escaped HTML.
	 */
	private function wrap( string $html ): string {
		return '' === $html ? '' : sprintf( '<div %s>%s</div>', get_block_wrapper_attributes(), $html );
	}
}
