package dev.vramcast.formats.training.zero;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZeroSizesTest {

  private static final List<JobKey> KEYS =
      List.of(
          JobKey.ZERO_SIZES,
          JobKey.REDUCE_BUCKET,
          JobKey.OVERLAP_COMM,
          JobKey.PREFETCH_BUCKET,
          JobKey.PERSISTENCE_THRESHOLD,
          JobKey.MAX_LIVE_PARAMETERS);

  private static Reading read(String section) {
    String job =
        """
        base_model: m
        datasets: []
        micro_batch_size: 1
        gradient_accumulation_steps: 1
        deepspeed: ds.json
        """;
    String zero = "{\"zero_optimization\": {%s}}".formatted(section.replace('\'', '"'));
    return TrainingFiles.read(
        List.of(TrainingText.of(job, "a.yml")),
        Optional.empty(),
        path -> Optional.of(TrainingText.of(zero, path)));
  }

  private static String sizes(Reading reading) {
    Map<String, Object> sizes = new TreeMap<>();
    for (JobKey key : KEYS) {
      reading.document().entry(key).ifPresent(e -> sizes.put(key.path().substring(12), e.value()));
    }
    return sizes.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'stage': 2 | {overlap_comm=false, zero_sizes=default}",
        "'stage': 3 | {overlap_comm=true, zero_sizes=default}",
        "'stage': 2, 'reduce_bucket_size': 2e8, 'overlap_comm': true | {overlap_comm=true,"
            + " reduce_bucket_size=200000000, zero_sizes=default}",
        "'stage': 2, 'reduce_bucket_size': 'auto' | {overlap_comm=false, zero_sizes=auto}",
        "'stage': 3, 'reduce_bucket_size': 'auto', 'stage3_prefetch_bucket_size': 'auto',"
            + " 'stage3_param_persistence_threshold': 'auto', 'overlap_comm': false |"
            + " {overlap_comm=false, zero_sizes=auto}",
        "'stage': 3, 'reduce_bucket_size': 'auto', 'stage3_max_live_parameters': 1e9 |"
            + " {max_live_parameters=1000000000, overlap_comm=true,"
            + " param_persistence_threshold=100000, prefetch_bucket_size=50000000,"
            + " zero_sizes=auto}",
        "'stage': 3, 'reduce_bucket_size': 5e9, 'stage3_param_persistence_threshold': 0 |"
            + " {overlap_comm=true, param_persistence_threshold=0,"
            + " reduce_bucket_size=2147483647, zero_sizes=default}",
        "'stage': 3, 'stage3_prefetch_bucket_size': 15099494.4, 'reduce_bucket_size': 1e30 |"
            + " {overlap_comm=true, prefetch_bucket_size=15099494,"
            + " reduce_bucket_size=2147483647, zero_sizes=default}",
        "'stage': 0, 'reduce_bucket_size': 5 | {}",
      })
  void sizes_are_those_of_the_file_and_what_it_leaves_out_is_deepspeeds(
      String section, String expected) {
    assertThat(sizes(read(section))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-5", "-1e30", "'many'", "true"})
  void a_size_that_is_none_is_a_finding_at_its_key(String size) {
    Reading reading = read("'stage': 2, 'reduce_bucket_size': " + size);

    assertThat(sizes(reading)).isEqualTo("{overlap_comm=false, zero_sizes=default}");
    assertThat(reading.findings())
        .filteredOn(finding -> finding.code() == FindingCode.UNREADABLE_VALUE)
        .singleElement()
        .asString()
        .contains("zero_optimization.reduce_bucket_size");
  }

  @Test
  void gradients_that_are_not_contiguous_are_said_to_be_counted_in_buckets() {
    Reading reading = read("'stage': 2, 'contiguous_gradients': false");

    assertThat(reading.findings())
        .filteredOn(finding -> finding.code() == FindingCode.NOT_COUNTED)
        .extracting(Finding::key)
        .contains("zero_optimization.contiguous_gradients");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "leaf_module | {'classes': ['GptOssMLP']} | 3 | true",
        "leaf_module | {'classes': ['GptOssMLP']} | 2 | false",
        "stage3_module_granularity_threshold | 1e6 | 3 | true",
        "stage3_module_granularity_threshold | 0 | 3 | false",
      })
  void what_makes_more_modules_run_as_one_is_said_not_to_be_counted(
      String key, String value, int stage, boolean said) {
    Reading reading = read("'stage': %d, '%s': %s".formatted(stage, key, value));

    assertThat(isNotCounted(reading, key)).isEqualTo(said);
  }

  @ParameterizedTest
  @CsvSource({
    "sub_group_size, 1e9, 3, false",
    "sub_group_size, 1e8, 3, true",
    "sub_group_size, 1e8, 2, false",
    "sub_group_size, '\"auto\"', 3, false",
    "stage3_max_reuse_distance, 1000000000, 3, false",
    "stage3_max_reuse_distance, 1e6, 3, true",
  })
  void sizes_that_are_counted_as_deepspeeds_own_are_said_where_a_file_has_others(
      String key, String value, int stage, boolean said) {
    Reading reading = read("'stage': %d, '%s': %s".formatted(stage, key, value));

    assertThat(isNotCounted(reading, key)).isEqualTo(said);
  }

  private static boolean isNotCounted(Reading reading, String key) {
    return reading.findings().stream()
        .filter(finding -> finding.code() == FindingCode.NOT_COUNTED)
        .anyMatch(finding -> finding.key().equals("zero_optimization." + key));
  }
}
