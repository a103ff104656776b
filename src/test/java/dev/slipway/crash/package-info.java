/// Crashes: what is run stands still at a fail point, something breaks, and it is run again.
@NullMarked
package dev.slipway.crash;

import org.jspecify.annotations.NullMarked;
