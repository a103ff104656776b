/// The program: wiring, the fast path without arguments, and the exit.
@NullMarked
package dev.slipway;

import org.jspecify.annotations.NullMarked;
