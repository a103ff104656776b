/// What tests share: real servers, fresh databases, the program as a user runs it.
@NullMarked
package dev.slipway.testing;

import org.jspecify.annotations.NullMarked;
