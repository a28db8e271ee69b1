//go:build e2e

package e2e

import "testing"

// Beside Jetonomy Pro, which serves messages itself, the extension stays on when this plugin goes. What it does is taken
// back: the site stays as it is.
func TestUninstallLeavesTheSwitchToJetonomyPro(t *testing.T) {
	for pro, want := range map[string]string{"": `["polls"]`, `define( 'JETONOMY_PRO_VERSION', '1.9.3' );`: `["polls","private-messaging"]`} {
		got := php(t, `global $wpdb;
			$wpdb->query( 'START TRANSACTION' );
			update_option( 'jetonomy_sidecar_settings', array() );
			update_option( 'jetonomy_pro_extensions', array( 'polls', 'private-messaging' ) );
			define( 'WP_UNINSTALL_PLUGIN', 'jetonomy-sidecar/jetonomy-sidecar.php' );
			`+pro+`
			require WP_PLUGIN_DIR . '/jetonomy-sidecar/uninstall.php';
			echo wp_json_encode( get_option( 'jetonomy_pro_extensions' ) );
			$wpdb->query( 'ROLLBACK' );
			remove_all_actions( 'shutdown' );`)
		if got != want {
			t.Errorf("%s: %s, want %s", pro, got, want)
		}
	}
	if key := php(t, `echo (int) is_array( get_option( 'jetonomy_sidecar_keys' ) );`); key != "1" {
		t.Fatal("the site is uninstalled")
	}
}
