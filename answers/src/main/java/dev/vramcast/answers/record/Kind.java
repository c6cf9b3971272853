package dev.vramcast.answers.record;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The word that tells a record from others in its place; it is the first of its keys. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Kind {

  /** The key of answers. */
  String OF_ANSWERS = "kind";

  /** The word. */
  String value();

  /** The key that holds it. */
  String key() default OF_ANSWERS;
}
