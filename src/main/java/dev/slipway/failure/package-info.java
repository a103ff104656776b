/// Failures: what an operator has to mend, told in four parts, each with its kind.
@NullMarked
package dev.slipway.failure;

import org.jspecify.annotations.NullMarked;
