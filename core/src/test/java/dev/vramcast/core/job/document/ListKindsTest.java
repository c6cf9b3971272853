package dev.vramcast.core.job.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.value.ValueKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListKindsTest {

  @Test
  void numbers_are_read_from_lists_and_from_text() {
    assertThat(JobKey.IMAGE_SIZE.parse("640, 480")).isEqualTo(List.of(640, 480));
    assertThat(JobKey.IMAGE_SIZE.read(List.of(640, "480"), Place.of("job")))
        .isEqualTo(List.of(640, 480));
    assertThat(JobKey.IMAGE_SIZE.parse("1024x768")).isEqualTo(List.of(1024, 768));
    assertThat(JobKey.IMAGE_SIZE.read("1024x768", Place.of("job"))).isEqualTo(List.of(1024, 768));
    assertThat(JobKey.IMAGE_SIZE.parse("1024 × 768")).isEqualTo(List.of(1024, 768));
    assertThat(JobKey.LOSS_WEIGHTS.parse("1,0.2")).isEqualTo(List.of(1.0, 0.2));
  }

  @Test
  void a_list_without_items_is_typed_as_a_document_writes_it() {
    assertThat(JobKey.REWARD_MODELS.parse(" [] ")).isEqualTo(List.of());
    assertThat(JobKey.REWARD_MODELS.parse("")).isEqualTo(List.of());
    assertThat(JobKey.REWARD_MODELS.parse("a/b")).isEqualTo(List.of("a/b"));
    assertThatThrownBy(() -> JobKey.LOSS_WEIGHTS.parse("[]")).isInstanceOf(InputException.class);
  }

  @Test
  void as_many_numbers_are_needed_as_the_key_takes() {
    assertThatThrownBy(() -> JobKey.IMAGE_SIZE.parse("640"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "--image-size: batch.image_size is '640', allowed: a list of 2 whole numbers from 1 to"
                + " 1000000");
  }

  @Test
  void roles_are_read_from_objects_and_from_text_and_shown_as_behind_the_flag() {
    Object roles =
        JobKey.ROLES.read(
            List.of(
                Map.of("role", "actor", "gpus", 8, "strategy", "zero3"),
                Map.of("role", "rollout", "gpus", 4)),
            Place.of("job"));
    assertThat(Shown.value(roles)).isEqualTo("actor=8,rollout=4");
    assertThat(JobKey.ROLES.kind().read(JobKey.ROLES.kind().plain(roles))).contains(roles);
    assertThat(Shown.value(JobKey.ROLES.parse("actor=8,rollout=4"))).isEqualTo(Shown.value(roles));
  }

  @Test
  void a_role_twice_or_without_gpus_or_with_another_key_is_refused() {
    ValueKind kind = JobKey.ROLES.kind();
    assertThat(kind.parse("actor=8,actor=4")).isEmpty();
    assertThat(kind.parse("actor")).isEmpty();
    assertThat(kind.parse("director=1")).isEmpty();
    assertThat(kind.read(List.of(Map.of("role", "actor", "gpus", 1, "gpu", 1)))).isEmpty();
  }

  @Test
  void a_month_has_two_digits() {
    assertThat(JobKey.FRAMEWORK_DATE.parse("2025-03")).isEqualTo("2025-03");
    assertThat(JobKey.FRAMEWORK_DATE.kind().parse("2025-3")).isEmpty();
    assertThat(JobKey.FRAMEWORK_DATE.kind().parse("2025-13")).isEmpty();
  }

  @Test
  void every_definition_has_its_key() {
    assertThat(JobKey.values()).hasSize(KeyDefinition.count());
  }
}
