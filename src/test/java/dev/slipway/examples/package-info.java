/// The examples in docker/: each is run, or validated against what its platform accepts.
@NullMarked
package dev.slipway.examples;

import org.jspecify.annotations.NullMarked;
