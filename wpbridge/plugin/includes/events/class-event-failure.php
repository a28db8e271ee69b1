<?php
/**
 * A failure that may be told.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Events;

defined( 'ABSPATH' ) || exit;

/**
 * Why an event could not be handled, in words that hold nothing of what members wrote: they reach the
 * sidecar's log and Site Health.
 */
final class Event_Failure extends \RuntimeException {}
