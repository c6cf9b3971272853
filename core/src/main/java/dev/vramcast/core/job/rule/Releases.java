package dev.vramcast.core.job.rule;

import dev.vramcast.core.units.Version;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * When the libraries and frameworks came out: the newest version that the Python package index had
 * at the end of each month, its first two numbers, asked for month by month in November 2026 with
 * {@code uv pip compile --exclude-newer} on Python 3.11. A third number stands where code changed
 * with it, from the dates of files in that release's archive.
 */
final class Releases {

  /** A line is a library, then versions with the month in which each was first the newest. */
  private static final String TABLE =
      """
          torch 1.13@2022-10 2.0@2023-03 2.1@2023-10 2.2@2024-01 2.3@2024-04 2.4@2024-07
          torch 2.5@2024-10 2.6@2025-01 2.7@2025-04 2.8@2025-08 2.9@2025-10 2.10@2026-01
          torch 2.11@2026-03 2.12@2026-05 2.13@2026-07 2.14@2026-09 2.15@2026-10
          transformers 4.22@2022-09 4.23@2022-10 4.24@2022-11 4.25@2022-12 4.26@2023-01 4.27@2023-03
          transformers 4.28@2023-04 4.29@2023-05 4.30@2023-06 4.31@2023-07 4.32@2023-08 4.33@2023-09
          transformers 4.34@2023-10 4.35@2023-11 4.36@2023-12 4.37@2024-01 4.38@2024-02 4.39@2024-03
          transformers 4.40@2024-04 4.41@2024-05 4.42@2024-06 4.43@2024-07 4.44@2024-08 4.45@2024-09
          transformers 4.46@2024-10 4.47@2024-12 4.48@2025-01 4.49@2025-02 4.50@2025-03 4.51@2025-04
          transformers 4.52@2025-05 4.53@2025-06 4.54@2025-07 4.56@2025-08 4.57@2025-10 5.0@2026-01
          transformers 5.2@2026-02 5.4@2026-03 5.7@2026-04 5.9@2026-05 5.12@2026-06 5.14@2026-07
          transformers 5.16@2026-08 5.18@2026-09 5.22@2026-10 5.24@2026-11
          peft 0.1@2023-02 0.2@2023-03 0.3@2023-05 0.4@2023-07 0.5@2023-08 0.6@2023-11
          peft 0.7@2023-12 0.8@2024-01 0.9@2024-02 0.10@2024-03 0.11@2024-05 0.12@2024-07
          peft 0.13@2024-09 0.14@2024-12 0.15@2025-03 0.16@2025-07 0.17@2025-08 0.18@2025-11
          peft 0.19@2026-04 0.20@2026-07 0.21@2026-09
          accelerate 0.12@2022-09 0.13@2022-10 0.14@2022-11 0.15@2022-12 0.16@2023-01 0.18@2023-03
          accelerate 0.19@2023-05 0.20@2023-06 0.21@2023-07 0.22@2023-08 0.23@2023-09 0.24@2023-10
          accelerate 0.25@2023-12 0.26@2024-01 0.27@2024-02 0.28@2024-03 0.29@2024-04 0.30@2024-05
          accelerate 0.31@2024-06 0.33@2024-07 0.34@2024-09 1.0@2024-10 1.1@2024-11 1.2@2024-12
          accelerate 1.3@2025-01 1.4@2025-02 1.5@2025-03 1.6@2025-04 1.7@2025-05 1.8@2025-06
          accelerate 1.9@2025-07 1.10@2025-08 1.11@2025-10 1.12@2025-11 1.13@2026-03 1.14@2026-06
          accelerate 1.15@2026-09
          bitsandbytes 0.34@2022-09 0.35@2022-10 0.36@2023-01 0.37@2023-02 0.38@2023-04 0.39@2023-05
          bitsandbytes 0.41@2023-07 0.42@2024-01 0.43@2024-03 0.44@2024-09 0.45@2024-12 0.46@2025-05
          bitsandbytes 0.47@2025-08 0.48@2025-09 0.49@2025-12 0.50@2026-07
          trl 0.1@2022-09 0.2@2023-01 0.4@2023-03 0.7@2023-08 0.8@2024-03 0.9@2024-06
          trl 0.10@2024-08 0.11@2024-09 0.12@2024-11 0.13@2024-12 0.14@2025-01 0.15@2025-02
          trl 0.16@2025-03 0.17@2025-04 0.18@2025-05 0.19@2025-06 0.20@2025-07 0.22@2025-08
          trl 0.23@2025-09 0.24@2025-10 0.25@2025-11 0.26@2025-12 0.27@2026-01 0.29@2026-02
          trl 1.0@2026-03 1.3@2026-04 1.5@2026-05 1.7@2026-06 1.9@2026-07 1.12@2026-08
          trl 1.14@2026-09 1.16@2026-10
          axolotl 0.6@2025-01 0.7@2025-02 0.9@2025-04 0.10@2025-06 0.11@2025-07 0.12@2025-08
          axolotl 0.14@2026-01 0.15@2026-03 0.16@2026-04 0.17@2026-06 0.18@2026-07 0.19@2026-09
          deepspeed 0.7@2022-09 0.8@2023-01 0.9@2023-04 0.10@2023-07 0.11@2023-10 0.12@2023-11
          deepspeed 0.13@2024-01 0.14@2024-03 0.15@2024-08 0.16@2024-11 0.17@2025-06 0.18@2025-10
          deepspeed 0.18.3@2025-12 0.19@2026-05 0.19.4@2026-08
          litgpt 0.2@2024-03 0.3@2024-04 0.4@2024-06 0.5@2024-10 0.5.4@2024-12 0.5.7@2025-01
          litgpt 0.5.8@2025-05 0.5.9@2025-06 0.5.10@2025-08 0.5.11@2025-09 0.5.12@2025-12
          litgpt 0.5.13@2026-06
          llama-factory 0.8@2024-06 0.9@2024-09 0.9.1@2024-11 0.9.2@2025-03 0.9.3@2025-06
          llama-factory 0.9.4@2025-12 0.9.5@2026-05
          megatron 0.3@2023-10 0.4@2023-12 0.5@2024-02 0.6@2024-04 0.7@2024-06 0.8@2024-08
          megatron 0.9@2024-10 0.10@2025-02 0.11@2025-03 0.12@2025-05 0.13@2025-07 0.14@2025-10
          megatron 0.15@2025-12 0.16@2026-02
          ms-swift 1.1@2023-09 1.2@2023-10 1.3@2023-11 1.4@2023-12 1.5@2024-01 1.6@2024-02
          ms-swift 1.7@2024-03 2.0@2024-04 2.1@2024-06 2.2@2024-07 2.3@2024-08 2.4@2024-09
          ms-swift 2.5@2024-10 2.6@2024-11 3.0@2024-12 3.1@2025-02 3.2@2025-03 3.4@2025-04
          ms-swift 3.5@2025-06 3.6@2025-07 3.7@2025-08 3.8@2025-09 3.9@2025-10 3.10@2025-11
          ms-swift 3.12@2025-12 4.0@2026-03 4.1@2026-04 4.2@2026-05 4.3@2026-06 4.4@2026-07
          ms-swift 4.5@2026-08 4.6@2026-10
          megatron-swift 3.0@2024-12 3.4@2025-04 3.8@2025-09 3.12@2025-12 4.0@2026-03 4.1@2026-04
          megatron-swift 4.2@2026-05 4.3@2026-06 4.4@2026-07 4.5@2026-08 4.6@2026-10
          nanotron 0.4@2024-03 0.5@2024-04
          prime-rl 0.3@2026-01 0.4@2026-02 0.5@2026-03 0.6@2026-06 0.7@2026-07 0.8@2026-08
          torchtitan 0.1@2025-06 0.2@2025-10 0.3@2026-09
          torchtune 0.1@2024-04 0.2@2024-07 0.3@2024-09 0.4@2024-11 0.5@2024-12 0.6@2025-03
          unsloth 2024.1@2024-01 2024.2@2024-02 2024.3@2024-03 2024.4@2024-04 2024.5@2024-05
          unsloth 2024.6@2024-06 2024.7@2024-07 2024.8@2024-08 2024.9@2024-09 2024.10@2024-10
          unsloth 2024.11@2024-11 2024.12@2024-12 2025.1@2025-01 2025.2@2025-02 2025.3@2025-03
          unsloth 2025.4@2025-04 2025.5@2025-05 2025.6@2025-06 2025.7@2025-07 2025.8@2025-08
          unsloth 2025.9@2025-09 2025.10@2025-10 2025.11@2025-11 2025.12@2025-12 2026.1@2026-01
          unsloth 2026.2@2026-02 2026.3@2026-03 2026.4@2026-04 2026.5@2026-05 2026.6@2026-06
          unsloth 2026.7@2026-07 2026.8@2026-08 2026.9@2026-09 2026.10@2026-10
      """;

  /**
   * A line is a framework's release, then the newest of each library that its metadata allow
   * (Requires-Dist, of all extras; requirements/deepspeed.txt), first two numbers. A library that a
   * line leaves out is not bound from there on.
   */
  private static final String BOUNDS =
      """
          litgpt 0.5.2 torch 2.4 bitsandbytes 0.42
          litgpt 0.5.5 torch 2.5 bitsandbytes 0.44
          litgpt 0.5.8 bitsandbytes 0.45
          litgpt 0.5.11 bitsandbytes 0.47
          litgpt 0.5.13 bitsandbytes 0.49
          llama-factory 0.9.0 transformers 4.45 peft 0.12 accelerate 0.33 deepspeed 0.14
          llama-factory 0.9.1 transformers 4.46 peft 0.12 accelerate 1.0 deepspeed 0.14
          llama-factory 0.9.2 transformers 4.49 peft 0.12 accelerate 1.2 deepspeed 0.16
          llama-factory 0.9.3 transformers 4.52 peft 0.15 accelerate 1.7 deepspeed 0.16
          llama-factory 0.9.4 transformers 4.57 peft 0.17 accelerate 1.11 deepspeed 0.16
          llama-factory 0.9.5 transformers 5.6 peft 0.18 accelerate 1.11 deepspeed 0.18
      """;

  /** For each library the version by the month of its release. */
  private static final Map<String, NavigableMap<String, String>> BY_LIBRARY = read();

  /** For each framework what its releases allow of libraries at most. */
  private static final Map<String, NavigableMap<Version, Map<String, String>>> BY_FRAMEWORK =
      bounds();

  private Releases() {}

  private static Map<String, NavigableMap<String, String>> read() {
    Map<String, NavigableMap<String, String>> result = new HashMap<>();
    for (String line : TABLE.strip().split("\n")) {
      String[] words = line.strip().split(" ");
      NavigableMap<String, String> months =
          result.computeIfAbsent(words[0], name -> new TreeMap<>());
      for (int i = 1; i < words.length; i++) {
        String[] release = words[i].split("@");
        months.put(release[1], release[0]);
      }
    }
    return result;
  }

  private static Map<String, NavigableMap<Version, Map<String, String>>> bounds() {
    Map<String, NavigableMap<Version, Map<String, String>>> result = new HashMap<>();
    for (String line : BOUNDS.strip().split("\n")) {
      String[] words = line.strip().split(" ");
      Map<String, String> most = new HashMap<>();
      for (int i = 2; i < words.length; i += 2) {
        most.put(words[i], words[i + 1]);
      }
      result.computeIfAbsent(words[0], name -> new TreeMap<>()).put(Version.parse(words[1]), most);
    }
    return result;
  }

  /**
   * The newest version of a library that a framework's release allows, or the one before it in the
   * table; empty where that is not known to refuse any.
   */
  static Optional<String> allowed(String framework, Version release, String library) {
    return Optional.ofNullable(BY_FRAMEWORK.get(framework))
        .map(releases -> releases.floorEntry(release))
        .map(entry -> entry.getValue().get(library));
  }

  /**
   * The newest version of a library at the end of a month; its oldest one before the table begins.
   *
   * @param library one of the table's
   * @param month such as {@code 2025-03}
   */
  static String newest(String library, String month) {
    NavigableMap<String, String> months = of(library);
    Map.Entry<String, String> entry = months.floorEntry(month);
    return (entry == null ? months.firstEntry() : entry).getValue();
  }

  /** The newest version of all. */
  static String newest(String library) {
    return of(library).lastEntry().getValue();
  }

  /** The oldest version of the table. */
  static String oldest(String library) {
    return of(library).firstEntry().getValue();
  }

  /** Whether the table has the library. */
  static boolean holds(String library) {
    return BY_LIBRARY.containsKey(library);
  }

  private static NavigableMap<String, String> of(String library) {
    return Objects.requireNonNull(BY_LIBRARY.get(library));
  }

  /**
   * The month in which a version of a library came out, or the one before it in the table; empty
   * for versions that are older than those.
   */
  static Optional<String> month(String library, Version version) {
    return Optional.ofNullable(BY_LIBRARY.get(library))
        .flatMap(
            months ->
                months.descendingMap().entrySet().stream()
                    .filter(entry -> Version.parse(entry.getValue()).compareTo(version) <= 0)
                    .findFirst())
        .map(Map.Entry::getKey);
  }

  /**
   * The last month in which a version of a library was the newest; empty for the newest of all and
   * for versions that are older than the table.
   */
  static Optional<String> lastMonth(String library, Version version) {
    return month(library, version)
        .flatMap(first -> Optional.ofNullable(of(library).higherKey(first)))
        .map(next -> YearMonth.parse(next).minusMonths(1).toString());
  }

  /** The month in which a Transformers came out; the first of the table for older ones. */
  static String monthOf(Version transformers) {
    String library = "transformers";
    return month(library, transformers).orElseGet(() -> of(library).firstKey());
  }

  /** The release that came after the {@link #newest} one, which nightly builds are named after. */
  static String next(String library, String month) {
    NavigableMap<String, String> months = of(library);
    Map.Entry<String, String> entry = months.higherEntry(month);
    return (entry == null ? months.lastEntry() : entry).getValue();
  }

  /**
   * The newest version of a framework at the end of a month, 0.0 before its first release; empty
   * where none of its releases are known.
   */
  static Optional<Version> ofFramework(String name, String month) {
    return Optional.ofNullable(BY_LIBRARY.get(name))
        .map(months -> months.floorEntry(month))
        .map(entry -> Version.parse(entry.getValue()))
        .or(() -> Optional.of(Version.of(0, 0)).filter(zero -> BY_LIBRARY.containsKey(name)));
  }
}
