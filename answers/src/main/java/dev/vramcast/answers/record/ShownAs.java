package dev.vramcast.answers.record;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * That the text of {@code --explain} has all that a component holds elsewhere, so that it is not
 * among the other figures. A test holds that it is there.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface ShownAs {

  /** The title of the table that has it, or the component that says the same. */
  String value();
}
