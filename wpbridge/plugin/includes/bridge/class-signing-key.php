<?php
/**
 * One signing key and what can be signed with it.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Bridge;

defined( 'ABSPATH' ) || exit;

/**
 * A secret shared with the sidecar: its id, tokens and request signatures. Needs nothing of WordPress,
 * and is checked against the same vectors as the sidecar's side (tests/vectors.php).
 */
final class Signing_Key {

	/**
	 * Bytes a secret must have at least.
	 */
	public const MIN_BYTES = 32;

	/**
	 * The audience of every token.
	 */
	public const AUDIENCE = 'jetonomy-sidecar';

	/**
	 * Seconds that the two clocks of a signed call may be apart.
	 */
	public const MAX_SKEW = 300;

	/**
	 * Use from_secret().
	 *
	 * @param string $secret At least MIN_BYTES bytes, used as they are.
	 */
	private function __construct( private readonly string $secret ) {}

	/**
	 * The key of a secret, or null where the secret is too short to be one.
	 *
	 * @param string $secret The secret's bytes.
	 */
	public static function from_secret( #[\SensitiveParameter] string $secret ): ?self {
		return strlen( $secret ) >= self::MIN_BYTES ? new self( $secret ) : null;
	}

	/**
	 * A new key from 32 random bytes, written as 64 hexadecimal characters.
	 */
	public static function generate(): self {
		return new self( bin2hex( random_bytes( 32 ) ) );
	}

	/**
	 * The key's id: the first 16 hexadecimal characters of the secret's SHA-256.
	 */
	public function kid(): string {
		return substr( hash( 'sha256', $this->secret ), 0, 16 );
	}

	/**
	 * The key as the option jetonomy_sidecar_keys stores it.
	 *
	 * @return array{kid: string, secret: string}
	 */
	public function to_array(): array {
		return array(
			'kid'    => $this->kid(),
			'secret' => $this->secret,
		);
	}

	/**
	 * A compact JWT, HS256, of these claims in this order.
	 *
	 * @param array $claims Claims by name.
	 * @throws \JsonException When a claim is not valid UTF-8.
	 */
	public function sign_token( array $claims ): string {
		$header = array(
			'typ' => 'JWT',
			'alg' => 'HS256',
			'kid' => $this->kid(),
		);
		$signed = self::encode_part( $header ) . '.' . self::encode_part( $claims );

		return $signed . '.' . self::base64url( hash_hmac( 'sha256', $signed, $this->secret, true ) );
	}

	/**
	 * The signature of a call between the plugin and the sidecar.
	 *
	 * @param string $method    HTTP method in capitals.
	 * @param string $path      REST path behind /wp-json, with its leading slash.
	 * @param int    $timestamp Unix seconds, as sent in X-Jetonomy-Timestamp.
	 * @param string $body      The body's bytes.
	 * @return string Hexadecimal.
	 */
	public function sign_request( string $method, string $path, int $timestamp, string $body ): string {
		return hash_hmac( 'sha256', "v1\n{$method}\n{$path}\n{$timestamp}\n{$body}", $this->secret );
	}

	/**
	 * The headers of a signed call.
	 *
	 * @param string $method    HTTP method in capitals.
	 * @param string $path      REST path behind /wp-json, with its leading slash.
	 * @param int    $timestamp Unix seconds.
	 * @param string $body      The body's bytes.
	 * @return array<string, string> Values by name.
	 */
	public function headers( string $method, string $path, int $timestamp, string $body ): array {
		return array(
			'X-Jetonomy-Key'       => $this->kid(),
			'X-Jetonomy-Timestamp' => (string) $timestamp,
			'X-Jetonomy-Signature' => $this->sign_request( $method, $path, $timestamp, $body ),
		);
	}

	/**
	 * Whether somebody who knows this key signed this call, and did so within MAX_SKEW seconds of now.
	 *
	 * @param string $signature The signature that came with the call.
	 * @param string $method    HTTP method in capitals.
	 * @param string $path      REST path behind /wp-json, with its leading slash.
	 * @param int    $timestamp The timestamp that came with the call.
	 * @param string $body      The body's bytes.
	 * @param int    $now       Unix seconds.
	 */
	public function verify_request( string $signature, string $method, string $path, int $timestamp, string $body, int $now ): bool {
		return abs( $now - $timestamp ) <= self::MAX_SKEW
			&& hash_equals( $this->sign_request( $method, $path, $timestamp, $body ), $signature );
	}

	/**
	 * Whether a token says of itself that it is for the sidecar. This proves nothing: only the sidecar
	 * checks signatures of tokens.
	 *
	 * @param string $token A compact JWT, or anything else.
	 */
	public static function is_addressed_to_sidecar( string $token ): bool {
		$parts = explode( '.', $token );

		if ( 3 !== count( $parts ) ) {
			return false;
		}

		$claims = json_decode( (string) base64_decode( strtr( $parts[1], '-_', '+/' ), true ), true );

		return is_array( $claims ) && self::AUDIENCE === ( $claims['aud'] ?? null );
	}

	/**
	 * One part of a JWT.
	 *
	 * @param array $values Values by name.
	 */
	private static function encode_part( array $values ): string {
		return self::base64url( json_encode( (object) $values, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE ) );
	}

	/**
	 * Base64 with the URL alphabet, without padding.
	 *
	 * @param string $bytes Any bytes.
	 */
	private static function base64url( string $bytes ): string {
		return rtrim( strtr( base64_encode( $bytes ), '+/', '-_' ), '=' );
	}
}
