package dev.vramcast.core.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NearestNameTest {

  @Test
  void the_nearest_is_the_one_that_a_whole_table_of_changes_finds() {
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      String given = word(random);
      List<String> known = new ArrayList<>();
      for (int n = random.nextInt(6); n >= 0; n--) {
        known.add(word(random));
      }
      int limit = Math.min(given.length() - 1, Math.max(2, given.length() / 3));
      Optional<String> expected =
          known.stream()
              .filter(name -> changes(given, name) <= limit)
              .min(Comparator.comparing(name -> changes(given, name)));

      assertThat(NearestName.of(given, known)).as(given + " in " + known).isEqualTo(expected);
    }
  }

  @Test
  void an_empty_name_is_near_none() {
    assertThat(NearestName.of("", List.of("as", "to"))).isEmpty();
    assertThat(NearestName.slip("", List.of("a"))).isEmpty();
  }

  private static String word(Random random) {
    StringBuilder word = new StringBuilder();
    for (int n = random.nextInt(6); n >= 0; n--) {
      word.append((char) ('a' + random.nextInt(3)));
    }
    return word.toString();
  }

  private static int changes(String a, String b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.length() + b.length();
    }
    String restA = a.substring(1);
    String restB = b.substring(1);
    return a.charAt(0) == b.charAt(0)
        ? changes(restA, restB)
        : 1 + Math.min(changes(restA, restB), Math.min(changes(a, restB), changes(restA, b)));
  }
}
