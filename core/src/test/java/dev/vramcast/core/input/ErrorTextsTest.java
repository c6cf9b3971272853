package dev.vramcast.core.input;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rules for all modules find each way that somebody took. */
class ErrorTextsTest {

  static final class OfTheException {
    static boolean isOne(InputException e) {
      String text = e.getMessage();
      return text.startsWith("unknown model");
    }
  }

  static final class OfOneOfTwo {
    static String text(Runnable task) {
      try {
        task.run();
        return "";
      } catch (InputException | UnsupportedJobException e) {
        return e.getMessage();
      }
    }
  }

  static final class OfTheWholeException {
    static boolean isOne(RuntimeException e) {
      return e.toString().contains("unknown model");
    }
  }

  static final class OfTheLine {
    static boolean isOne(InputException e) {
      return e.error().line(Words.DOCUMENT).contains("unknown model");
    }
  }

  static final class OfTheNotice {
    static boolean isOne(Refusal refused) {
      String line = refused.notice().sentence(Words.DOCUMENT);
      return Pattern.compile("unknown .*").matcher(line).matches();
    }
  }

  static final class OfTheParts {
    static boolean isOne(InputException e) {
      return e.error().kind() == ErrorKind.UNKNOWN && e.error().line(Words.DOCUMENT).length() < 80;
    }
  }

  static final class Concatenated {
    static String text(InputException e) {
      return "the list: " + e.error().line(Words.DOCUMENT);
    }
  }

  static final class InAnotherError {
    static InputError error(Refusal refused) {
      String line = refused.notice().line(Words.DOCUMENT);
      return InputError.of("cannot be read: ", line);
    }
  }

  static final class OfAnotherMethod {
    static String text(InputException e) {
      return "the list: " + said(e);
    }

    private static String said(InputException e) {
      return line(e);
    }

    private static String line(InputException e) {
      return e.error().line(Words.DOCUMENT);
    }
  }

  static final class Behind {
    static Notice notice(Refusal refused) {
      return refused.notice().behind("cannot be read: ");
    }

    static String text(InputException e, String name) {
      return name.isEmpty() ? e.error().line(Words.DOCUMENT) : name.toLowerCase(Locale.ROOT);
    }
  }

  @Test
  void whoever_joins_a_rendered_error_with_another_text_is_found() {
    assertThat(breaks(ErrorTexts.nobodyJoins(), Concatenated.class)).isTrue();
    assertThat(breaks(ErrorTexts.nobodyJoins(), InAnotherError.class)).isTrue();
    assertThat(breaks(ErrorTexts.nobodyJoins(), OfAnotherMethod.class)).isTrue();
    assertThat(breaks(ErrorTexts.nobodyJoins(), Behind.class)).isFalse();
  }

  @Test
  void whoever_asks_an_exception_for_its_text_is_found() {
    assertThat(breaks(ErrorTexts.nobodyAsks(), OfTheException.class)).isTrue();
    assertThat(breaks(ErrorTexts.nobodyAsks(), OfOneOfTwo.class)).isTrue();
    assertThat(breaks(ErrorTexts.nobodyAsks(), OfTheWholeException.class)).isTrue();
    assertThat(breaks(ErrorTexts.nobodyAsks(), OfTheParts.class)).isFalse();
  }

  @Test
  void whoever_looks_into_a_rendered_error_is_found() {
    assertThat(breaks(ErrorTexts.nobodyLooks(), OfTheLine.class)).isTrue();
    assertThat(breaks(ErrorTexts.nobodyLooks(), OfTheNotice.class)).isTrue();
    assertThat(breaks(ErrorTexts.nobodyLooks(), OfTheParts.class)).isFalse();
  }

  private static boolean breaks(ArchRule rule, Class<?> type) {
    return rule.evaluate(new ClassFileImporter().importClasses(type)).hasViolation();
  }
}
