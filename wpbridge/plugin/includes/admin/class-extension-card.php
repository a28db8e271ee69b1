<?php
/**
 * The card of Private Messaging.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use Jetonomy_Sidecar\Extension_Switch;
use Jetonomy_Sidecar\Settings;

defined( 'ABSPATH' ) || exit;

/**
 * What the extension is, its switch, and how the sidecar is.
 */
final class Extension_Card {

	/**
	 * The id of the card's title in the page.
	 */
	public const TITLE_ID = 'jetonomy-sidecar-card-title';

	/**
	 * Constructor.
	 *
	 * @param Extension_Switch $switch   The switch.
	 * @param Settings         $settings Knows where the sidecar is.
	 * @param Service_Watch    $watch    Asks the sidecar.
	 * @param Health_Checks    $checks   Judges.
	 */
	public function __construct(
		private readonly Extension_Switch $switch,
		private readonly Settings $settings,
		private readonly Service_Watch $watch,
		private readonly Health_Checks $checks
	) {}

	/**
	 * Prints the card. Asks the sidecar, and waits 2 seconds for it at most.
	 *
	 * @param bool $has_switch Whether the switch is here. It is elsewhere on Jetonomy Pro's page.
	 */
	public function render( bool $has_switch ): void {
		$is_enabled = $this->switch->is_enabled();
		$state      = $this->watch->now();
		?>
		<section class="jetonomy-sidecar-card" aria-labelledby="<?php echo esc_attr( self::TITLE_ID ); ?>">
			<header class="jetonomy-sidecar-card__header">
				<h2 id="<?php echo esc_attr( self::TITLE_ID ); ?>"><?php esc_html_e( 'Private Messaging', 'jetonomy-sidecar' ); ?></h2>
				<?php
				if ( $has_switch ) {
					echo Extension_Action::form( $is_enabled ); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- Escaped there.
				} else {
					echo '<strong>' . ( $is_enabled ? esc_html__( 'Enabled', 'jetonomy-sidecar' ) : esc_html__( 'Not enabled', 'jetonomy-sidecar' ) ) . '</strong>';
				}
				?>
			</header>
			<p><?php esc_html_e( 'Members write to each other, in pairs and in small groups. The messages are kept by the sidecar, a service that runs beside WordPress on the same database.', 'jetonomy-sidecar' ); ?></p>
			<p class="description"><?php esc_html_e( 'Switched off, the members’ pages, links and buttons disappear; nothing is deleted.', 'jetonomy-sidecar' ); ?></p>
			<h3><?php esc_html_e( 'State', 'jetonomy-sidecar' ); ?></h3>
			<dl class="jetonomy-sidecar-state">
				<?php
				$this->render_check( __( 'Sidecar', 'jetonomy-sidecar' ), $this->checks->reachable( $state ) );
				$this->render_row( __( 'Address', 'jetonomy-sidecar' ), '<code>' . esc_html( $this->settings->sidecar_url() ) . '</code>' );

				if ( $state->answers() ) {
					$this->render_check( __( 'Version', 'jetonomy-sidecar' ), $this->checks->same_version( $state ) );
				} else {
					/* translators: %s: a version. */
					$this->render_row( __( 'Version', 'jetonomy-sidecar' ), esc_html( sprintf( __( 'The plugin is version %s; the sidecar’s is not known.', 'jetonomy-sidecar' ), JETONOMY_SIDECAR_VERSION ) ) );
				}

				if ( $state->answers() ) {
					$this->render_events( $state );
				}
				?>
			</dl>
			<footer class="jetonomy-sidecar-card__footer">
				<a class="button" href="<?php echo esc_url( Screens::settings_url() ); ?>"><?php esc_html_e( 'Settings', 'jetonomy-sidecar' ); ?></a>
				<?php if ( current_user_can( 'view_site_health_checks' ) ) : ?>
					<a href="<?php echo esc_url( Screens::site_health_url() ); ?>"><?php esc_html_e( 'All checks in Site Health', 'jetonomy-sidecar' ); ?></a>
				<?php endif; ?>
			</footer>
		</section>
		<?php
	}

	/**
	 * Prints the rows about events.
	 *
	 * @param Service_State $state What was seen.
	 */
	private function render_events( Service_State $state ): void {
		$last = $state->last_delivered_at();

		$this->render_row(
			__( 'Last event delivered', 'jetonomy-sidecar' ),
			0 === $last
				? esc_html__( 'None yet', 'jetonomy-sidecar' )
				: sprintf(
					'<time datetime="%1$s" title="%2$s">%3$s</time>',
					esc_attr( gmdate( 'c', $last ) ),
					esc_attr( wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), $last ) ),
					/* translators: %s: a span of time. */
					esc_html( sprintf( __( '%s ago', 'jetonomy-sidecar' ), human_time_diff( $last ) ) )
				)
		);

		$result = $this->checks->events( $state );

		if ( 'good' !== $result['status'] ) {
			$this->render_check( __( 'Events', 'jetonomy-sidecar' ), $result, $state->has_failed_events() ? Retry_Events::form( 'extensions' ) : '' );
		}
	}

	/**
	 * Prints a check's result.
	 *
	 * @param string $term   What it is about.
	 * @param array  $result As of Health_Checks.
	 * @param string $action Escaped HTML to end with.
	 */
	private function render_check( string $term, array $result, string $action = '' ): void {
		$html = '<strong>' . esc_html( $result['label'] ) . '</strong>';

		if ( 'good' !== $result['status'] ) {
			$html .= '<p>' . implode( '</p><p>', array_map( 'esc_html', $result['text'] ) ) . '</p>';
		}

		$this->render_row( $term, $html . $action, $result['status'] );
	}

	/**
	 * Prints a row.
	 *
	 * @param string $term   What it is about.
	 * @param string $html   What there is to say, escaped.
	 * @param string $status One of 'good', 'recommended', 'critical' and ''.
	 */
	private function render_row( string $term, string $html, string $status = '' ): void {
		printf(
			'<div class="jetonomy-sidecar-state__row%1$s"><dt>%2$s</dt><dd>%3$s</dd></div>',
			esc_attr( '' === $status ? '' : ' is-' . $status ),
			esc_html( $term ),
			$html // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- Escaped by the callers.
		);
	}
}
