/// The benchmark: the product's processes against psql's and its peers', timed from outside.
@NullMarked
package dev.slipway.bench;

import org.jspecify.annotations.NullMarked;
