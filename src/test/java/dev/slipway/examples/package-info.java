/// Runs or validates each example in `docker/`.
@NullMarked
package dev.slipway.examples;

import org.jspecify.annotations.NullMarked;
