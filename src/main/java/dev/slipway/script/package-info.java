/// Writes a plan as one idempotent script of SQL, for whoever applies it by hand.
@NullMarked
package dev.slipway.script;

import org.jspecify.annotations.NullMarked;
