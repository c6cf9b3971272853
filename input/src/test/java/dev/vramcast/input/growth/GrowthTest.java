package dev.vramcast.input.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** That what grows too fast is found. */
@Tag("slow")
class GrowthTest {

  private static final int SIZE = 500;

  static final class Once implements Consumer<String> {
    @Override
    public void accept(String text) {
      int found = 0;
      for (char c : text.toCharArray()) {
        found += c == 'a' ? 1 : 0;
      }
      assertThat(found).isEqualTo(text.length());
    }
  }

  static final class EachToTheEnd implements Consumer<String> {
    @Override
    public void accept(String text) {
      for (int i = 0; i < text.length(); i++) {
        assertThat(text.indexOf('b', i)).isNegative();
      }
    }
  }

  static final class Copies implements Consumer<String> {
    @Override
    public void accept(String text) {
      for (int i = 0; i < text.length(); i++) {
        assertThat(text.substring(i)).isNotNull();
      }
    }
  }

  static final class Backtracks implements Consumer<String> {
    private static final Pattern PATTERN = Pattern.compile("(a*)(a*)b");

    @Override
    public void accept(String text) {
      assertThat(PATTERN.matcher(text).lookingAt()).isFalse();
    }
  }

  @Test
  void one_pass_is_linear() {
    Growth.of(Once.class).isLinear("a", "a"::repeat, SIZE);
  }

  @Test
  void a_search_to_the_end_at_each_place_is_found() {
    assertThatThrownBy(() -> Growth.of(EachToTheEnd.class).isLinear("a", "a"::repeat, SIZE))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("steps of 'a'");
  }

  @Test
  void copies_of_the_rest_are_found() {
    assertThatThrownBy(() -> Growth.of(Copies.class).isLinear("a", "a"::repeat, 8 * SIZE))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("bytes of 'a'");
  }

  @Test
  void a_pattern_that_tries_each_place_anew_is_found() {
    assertThatThrownBy(() -> Growth.of(Backtracks.class).isLinear("a", "a"::repeat, SIZE))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("steps of 'a'");
  }
}
