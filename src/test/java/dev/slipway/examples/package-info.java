/// Runs the examples of `docker/`, or validates them against the schemas of those who read them.
@NullMarked
package dev.slipway.examples;

import org.jspecify.annotations.NullMarked;
