package dev.slipway.examples;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The files in `docker/` that a test class runs or validates. [ExamplesTest] sees to it that each
/// example has one such class.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Claims {
  /// Paths from the root of the repository.
  String[] value();
}
