package dev.vramcast.answers.record;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a component of an answer means, where its name does not say it: the unit, and when there is
 * none. On a record it says what the whole is, and stands for each component of that type that says
 * nothing itself.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE})
public @interface Describes {

  /** A phrase or sentences, for programmers. */
  String value();
}
