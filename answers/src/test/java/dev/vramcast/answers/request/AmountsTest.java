package dev.vramcast.answers.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.answers.plan.PlanFlags;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Amounts of memory and of time as people write them. */
class AmountsTest {

  // ---- memory ----

  @ParameterizedTest
  @CsvSource({
    "2GiB, 2147483648",
    "24 GB, 24000000000",
    "512mib, 536870912",
    "1.5TB, 1500000000000",
    "0.5TiB, 549755813888",
    "' 7MB ', 7000000",
  })
  void memory_is_read_in_powers_of_ten_and_of_two(String text, long bytes) {
    assertThat(MemoryText.bytes(Subject.option("--headroom"), text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GB", "-1GB", "1e3GB", "1kb", "1,5GB", "1234567890GB", "2 GiBs"})
  void other_amounts_are_refused_with_those_that_are_allowed(String text) {
    assertThatThrownBy(() -> MemoryText.bytes(Subject.option("--headroom"), text))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "--headroom is '"
                + text
                + "', allowed: a number with MB, GB, TB, MiB, GiB or TiB, such as 2GiB");
  }

  private static CardMemory card(JobDocument document, String memory) {
    return CardMemory.of(document, Optional.ofNullable(memory), GpuCatalog.embedded());
  }

  @Test
  void a_card_has_what_its_driver_gives() {
    CardMemory card = card(JobDocument.empty().withFlag(JobKey.GPU, "rtx-4090"), null);

    assertThat(card.name()).isEqualTo("RTX 4090");
    assertThat(card.bytes()).isEqualTo(card.gpu().orElseThrow().allocatableBytes());
  }

  @Test
  void as_many_gb_as_cards_are_sold_with_are_what_the_smallest_of_them_gives() {
    CardMemory card = card(JobDocument.empty(), "24GB");

    assertThat(card.gpu()).isEmpty();
    assertThat(card.bytes()).isLessThan(24L << 30).isGreaterThan(21L << 30);
    assertThat(card.name()).isEqualTo("a card of 24GB");
    assertThat(card.warnings())
        .extracting(Notice::toString)
        .containsExactly(
            "'24GB' is taken as what the smallest card sold as that gives programs, %d MiB"
                .formatted(card.bytes() >> 20));
  }

  @Test
  void an_amount_that_no_card_is_sold_with_is_taken_as_it_is() {
    CardMemory card = card(JobDocument.empty(), "23GB");

    assertThat(card.bytes()).isEqualTo(23_000_000_000L);
    assertThat(card.warnings()).isEmpty();
    assertThat(card(JobDocument.empty(), "24GiB").bytes()).isEqualTo(24L << 30);
  }

  @ParameterizedTest
  @CsvSource({
    "24GB, a card of 24GB, ",
    "24G, a card of 24GB, ",
    "24GiB, a card of 24GB, ",
    "24GB:2, a card of 24GB, 2",
    "dual 24GB, a card of 24GB, 2",
    "2x24GB, a card of 24GB, 2",
    "17GB, 17GB, ",
    "17G, 17GB, ",
    "17GiB, 17GiB, ",
  })
  void a_size_in_place_of_a_card_is_an_amount_of_so_many(String gpu, String name, Integer count) {
    JobDocument job = JobDocument.empty().withFlag(JobKey.GPU, gpu);
    JobDocument without = CardMemory.withoutSize(job);

    assertThat(card(job, null).name()).isEqualTo(name);
    assertThat(without.has(JobKey.GPU)).isFalse();
    assertThat(without.value(JobKey.GPU_COUNT, Integer.class))
        .isEqualTo(Optional.ofNullable(count));
    assertThatThrownBy(() -> card(job, "24GB")).hasMessageEndingWith("allowed: one of them");
  }

  @Test
  void a_card_and_an_amount_exclude_each_other_and_one_is_needed() {
    assertThatThrownBy(() -> card(JobDocument.empty().withFlag(JobKey.GPU, "l4"), "24GB"))
        .hasMessage("--memory and hardware.gpu both say how much there is, allowed: one of them");
    assertThatThrownBy(() -> card(JobDocument.empty(), null))
        .hasMessage("nothing to fit; give hardware.gpu, or --memory such as 24GB");
    assertThatThrownBy(() -> card(JobDocument.empty(), "0MiB"))
        .hasMessage("--memory is '0MiB', allowed: more than 0");
  }

  // ---- time ----

  private static SpotTerms terms(String between, String interval, String restart) {
    return SpotFlags.read(
        Optional.ofNullable(between), Optional.ofNullable(interval), Optional.ofNullable(restart));
  }

  @Test
  void terms_of_spot_machines_are_read_and_what_is_not_given_is_as_usual() {
    SpotTerms terms = terms("1.5h", "90 s", "2MIN");

    assertThat(terms.between()).isEqualTo(Duration.ofMinutes(90));
    assertThat(terms.interval()).hasValue(Duration.ofSeconds(90));
    assertThat(terms.restart()).hasValue(Duration.ofSeconds(120));
    assertThat(terms(null, null, null)).isEqualTo(SpotTerms.USUAL);
    assertThat(terms("3650d", null, null).between()).isEqualTo(Duration.ofDays(3650));
  }

  @ParameterizedTest
  @CsvSource({"3 hours, 10800", "90 seconds, 90", "3 wks, 1814400", "1Week, 604800", "2 hrs, 7200"})
  void times_are_read_as_people_write_them_here_and_as_a_deadline(String text, long seconds) {
    Duration time = Duration.ofSeconds(seconds);

    assertThat(terms(null, text, null).interval()).hasValue(time);
    assertThat(PlanFlags.limits(Optional.empty(), Optional.of(text), Optional.empty()).deadline())
        .hasValue(time);
  }

  @ParameterizedTest
  @ValueSource(strings = {"24", "0s", "0.5s", "3651d", "-1h", "1 month", "h", "2 ss"})
  void other_times_are_refused_with_those_that_are_allowed(String text) {
    assertThatThrownBy(() -> terms(null, text, null))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "--checkpoint-every is '"
                + text
                + "', allowed: a time from 1s to 3650d, with s, min, h, d or w, such as 24h");
  }
}
