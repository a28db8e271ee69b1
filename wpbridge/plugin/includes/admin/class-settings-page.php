<?php
/**
 * The settings page.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Admin;

use Jetonomy_Sidecar\Settings;

defined( 'ABSPATH' ) || exit;

/**
 * Jetonomy → Extensions → Private Messaging → Settings. Not in the menu: the extension's card leads to it.
 */
final class Settings_Page {

	public const ACTION = 'jetonomy_sidecar_save_settings';

	/**
	 * The form's fields are in an array of this name.
	 */
	public const FIELDS = 'jetonomy_sidecar';

	/**
	 * Messages by key, for what was refused just now.
	 *
	 * @var array
	 */
	private array $errors = array();

	/**
	 * What was typed, by key, where it was refused just now.
	 *
	 * @var array
	 */
	private array $typed = array();

	/**
	 * Constructor.
	 *
	 * @param Settings $settings The settings.
	 */
	public function __construct( private readonly Settings $settings ) {}

	/**
	 * Hooks the page in.
	 */
	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add_page' ), 30 ); // After the page that leads here.
		add_action( 'admin_head', array( $this, 'leave_menu' ) );
		add_filter( 'submenu_file', array( $this, 'mark_menu' ) );
	}

	/**
	 * Adds the page.
	 */
	public function add_page(): void {
		$hook = add_submenu_page(
			Screens::parent(),
			__( 'Private Messaging: Settings', 'jetonomy-sidecar' ),
			__( 'Private Messaging', 'jetonomy-sidecar' ),
			Screens::settings_capability(),
			Screens::SETTINGS,
			array( $this, 'render' )
		);

		if ( $hook ) {
			add_action( 'load-' . $hook, array( $this, 'handle' ) );
		}
	}

	/**
	 * Takes the page out of the menu, after WordPress looked up there who may see it.
	 */
	public function leave_menu(): void {
		remove_submenu_page( Screens::parent(), Screens::SETTINGS );
	}

	/**
	 * Marks the page in the menu that leads here.
	 *
	 * @param string|null $file The marked one.
	 */
	public function mark_menu( $file ): ?string {
		return Screens::SETTINGS === ( $GLOBALS['plugin_page'] ?? '' ) ? Screens::EXTENSIONS : $file;
	}

	/**
	 * Saves what the form sent, before anything is printed. Where something is refused the page is shown
	 * again with it, and the rest is saved.
	 */
	public function handle(): void {
		if ( 'POST' !== ( $_SERVER['REQUEST_METHOD'] ?? '' ) ) {
			return;
		}

		Admin_Action::check( self::ACTION, Screens::settings_capability() );

		// phpcs:ignore WordPress.Security -- The nonce is checked above, and each value below.
		$this->save( (array) wp_unslash( $_POST[ self::FIELDS ] ?? array() ) );

		if ( array() === $this->errors ) {
			Admin_Action::leave( Screens::settings_url(), 'saved' );
		}
	}

	/**
	 * Saves what can be saved and keeps the rest for render().
	 *
	 * @param array $sent Values by key, as typed.
	 * @return array Messages by key, for what was refused.
	 */
	public function save( array $sent ): array {
		$values       = array();
		$this->errors = array();
		$this->typed  = array();

		foreach ( Settings_Fields::all() as $key => $field ) {
			$value = Settings_Fields::parse( $field, $sent[ $key ] ?? null );

			if ( null === $value ) {
				$this->errors[ $key ] = Settings_Fields::refusal( $field );
				$this->typed[ $key ]  = is_scalar( $sent[ $key ] ?? null ) ? (string) $sent[ $key ] : '';
			} else {
				$values[ $key ] = $value;
			}
		}

		$this->settings->save( $values );

		return $this->errors;
	}

	/**
	 * Prints the page.
	 */
	public function render(): void {
		?>
		<div class="wrap jetonomy-sidecar">
			<h1><?php esc_html_e( 'Private Messaging: Settings', 'jetonomy-sidecar' ); ?></h1>
			<hr class="wp-header-end">
			<?php $this->render_result(); ?>
			<p><a href="<?php echo esc_url( Screens::extensions_url() ); ?>"><?php esc_html_e( '← Extensions', 'jetonomy-sidecar' ); ?></a></p>
			<form method="post" action="<?php echo esc_url( Screens::settings_url() ); ?>" novalidate>
				<?php
				wp_nonce_field( self::ACTION );

				foreach ( Settings_Fields::sections() as $section => $heading ) {
					$this->render_section( $section, $heading );
				}

				submit_button( __( 'Save settings', 'jetonomy-sidecar' ) );
				?>
			</form>
		</div>
		<?php
	}

	/**
	 * Says what became of what was sent.
	 */
	private function render_result(): void {
		if ( array() !== $this->errors ) {
			$links = array();

			foreach ( array_intersect_key( Settings_Fields::all(), $this->errors ) as $key => $field ) {
				$links[] = sprintf( '<a href="#%1$s">%2$s</a>', esc_attr( self::id( $key ) ), esc_html( $field['label'] ) );
			}

			wp_admin_notice(
				esc_html__( 'Not everything could be saved. These were refused, the others are saved:', 'jetonomy-sidecar' ) . ' ' . implode( ', ', $links ),
				array(
					'type'       => 'error',
					'attributes' => array( 'role' => 'alert' ),
				)
			);
		} elseif ( 'saved' === Admin_Action::done() ) {
			wp_admin_notice( esc_html__( 'Settings saved. The sidecar uses them within seconds.', 'jetonomy-sidecar' ), array( 'type' => 'success' ) );
		}
	}

	/**
	 * Prints a section.
	 *
	 * @param string $section Its name.
	 * @param string $heading Its heading.
	 */
	private function render_section( string $section, string $heading ): void {
		$fields = array_filter( Settings_Fields::all(), static fn( array $field ): bool => $section === $field['section'] );

		if ( array() === $fields ) {
			return;
		}

		echo '<h2 class="title">' . esc_html( $heading ) . '</h2><table class="form-table" role="presentation"><tbody>';

		foreach ( $fields as $key => $field ) {
			$this->render_field( $key, $field );
		}

		echo '</tbody></table>';
	}

	/**
	 * Prints a field with its sentence, and with the message where it was refused.
	 *
	 * @param string $key   Its key.
	 * @param array  $field As of Settings_Fields.
	 */
	private function render_field( string $key, array $field ): void {
		$id    = self::id( $key );
		$error = $this->errors[ $key ] ?? '';
		$about = $id . '-help' . ( '' === $error ? '' : ' ' . $id . '-error' );

		printf( '<tr%1$s><th scope="row">', '' === $error ? '' : ' class="form-invalid"' );

		if ( isset( $field['check'] ) ) {
			echo esc_html( $field['label'] );
		} else {
			printf( '<label for="%1$s">%2$s</label>', esc_attr( $id ), esc_html( $field['label'] ) );
		}

		echo '</th><td>';
		$this->render_input( $key, $field, $about );

		if ( '' !== $error ) {
			printf( '<p class="jetonomy-sidecar-error" id="%1$s-error">%2$s</p>', esc_attr( $id ), esc_html( $error ) );
		}

		printf( '<p class="description" id="%1$s-help">%2$s</p></td></tr>', esc_attr( $id ), esc_html( $field['help'] ) );
	}

	/**
	 * Prints what can be typed, ticked or chosen.
	 *
	 * @param string $key   Its key.
	 * @param array  $field As of Settings_Fields.
	 * @param string $about Ids of what describes it.
	 */
	private function render_input( string $key, array $field, string $about ): void {
		$value      = (string) ( $this->typed[ $key ] ?? $this->settings->all()[ $key ] );
		$attributes = sprintf(
			'id="%1$s" name="%2$s" aria-describedby="%3$s"%4$s',
			esc_attr( self::id( $key ) ),
			esc_attr( self::FIELDS . '[' . $key . ']' ),
			esc_attr( $about ),
			isset( $this->errors[ $key ] ) ? ' aria-invalid="true"' : ''
		);

		// phpcs:disable WordPress.Security.EscapeOutput.OutputNotEscaped -- The attributes are escaped above.
		if ( isset( $field['check'] ) ) {
			printf( '<label><input type="checkbox" value="1" %1$s%2$s> %3$s</label>', $attributes, checked( '1', $value, false ), esc_html( $field['check'] ) );
		} elseif ( isset( $field['options'] ) ) {
			echo '<select ' . $attributes . '>';

			foreach ( $field['options'] as $option => $label ) {
				printf( '<option value="%1$s"%2$s>%3$s</option>', esc_attr( $option ), selected( $option, $value, false ), esc_html( $label ) );
			}

			echo '</select>';
		} else {
			printf(
				'<input type="number" inputmode="numeric" class="small-text" min="%1$d" max="%2$d" step="1" value="%3$s" %4$s> %5$s',
				(int) $field['min'],
				(int) $field['max'],
				esc_attr( $value ),
				$attributes,
				esc_html( $field['unit'] )
			);
		}
		// phpcs:enable
	}

	/**
	 * A field's id in the page.
	 *
	 * @param string $key Its key.
	 */
	private static function id( string $key ): string {
		return 'jetonomy-sidecar-' . str_replace( '_', '-', $key );
	}
}
