package dev.vramcast.core.units;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionTest {

  @ParameterizedTest
  @CsvSource({
    "4.57.6, 4.57.6",
    "2.6.0+cu124, 2.6.0",
    "0.4, 0.4.0",
    "5, 5.0.0",
    "5.7.0.dev0, 5.7.0",
    "2024-12-4, 2024.12.4",
    "' 1.2.3 ', 1.2.3",
    "1.2.3.4.5.6, 1.2.3",
    "007.08.9, 7.8.9"
  })
  void readsTheFirstThreeNumbers(String text, String version) {
    assertEquals(version, Version.parse(text).toString());
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0.0.0",
    "main, 0.0.0",
    "v1.2, 0.0.0",
    ".5, 0.0.0",
    "1..3, 1.0.0",
    "1.2rc1.3, 1.0.0",
    "1.2.x, 1.2.0",
    "1., 1.0.0",
    "1_2.3, 0.0.0",
    "٣.1, 0.0.0"
  })
  void endsAtWhatIsNoNumber(String text, String version) {
    assertEquals(version, Version.parse(text).toString());
  }

  @ParameterizedTest
  @CsvSource({"999999999, 999999999", "1000000000, 999999999", "99999999999999999999, 999999999"})
  void takesLongerNumbersForTheLargest(String text, int major) {
    assertEquals(major, Version.parse(text).major());
  }
}
