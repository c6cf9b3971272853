package dev.vramcast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.gpus.GpusOperation;
import dev.vramcast.answers.models.ModelsOperation;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.server.RecentAnswers.Question;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class RecentAnswersTest {

  private static final LocalDate TODAY = LocalDate.of(2026, 11, 25);

  private final RecentAnswers recent = new RecentAnswers();

  @Test
  void what_may_ask_the_hub_is_not_answered_by_what_may_not() {
    RecentAnswers recent = new RecentAnswers();
    recent.keep(new Question(new GpusOperation(), "a", TODAY, Network.ALLOWED), new byte[] {1});

    assertThat(recent.find(question(new GpusOperation(), "a"))).isEmpty();
  }

  @Test
  void the_same_question_finds_its_answer_and_no_other_does() {
    recent.keep(question(new GpusOperation(), "a"), new byte[] {1});

    assertThat(recent.find(question(new GpusOperation(), "a"))).hasValue(new byte[] {1});
    assertThat(recent.find(question(new GpusOperation(), "b"))).isEmpty();
    assertThat(recent.find(question(new ModelsOperation(), "a"))).isEmpty();
    assertThat(
            recent.find(
                new Question(new GpusOperation(), "a", TODAY.plusDays(1), Network.FORBIDDEN)))
        .isEmpty();
  }

  @Test
  void what_is_kept_is_bounded_and_what_was_not_asked_longest_makes_way() {
    for (int i = 0; i < 200; i++) {
      recent.keep(question(new GpusOperation(), "question " + i), new byte[500_000]);
      recent.find(question(new GpusOperation(), "question 0"));
    }

    assertThat(recent.bytes()).isLessThanOrEqualTo(16 << 20);
    assertThat(recent.find(question(new GpusOperation(), "question 0"))).isPresent();
    assertThat(recent.find(question(new GpusOperation(), "question 1"))).isEmpty();
    assertThat(recent.find(question(new GpusOperation(), "question 199"))).isPresent();
  }

  @Test
  void long_questions_and_answers_are_not_kept() {
    recent.keep(question(new GpusOperation(), "a"), new byte[2 << 20]);
    recent.keep(question(new GpusOperation(), "x".repeat(1 << 20)), new byte[1]);

    assertThat(recent.bytes()).isZero();
  }

  @Test
  void an_answer_that_is_given_again_counts_once() {
    recent.keep(question(new GpusOperation(), "ab"), new byte[10]);
    recent.keep(question(new GpusOperation(), "ab"), new byte[20]);

    assertThat(recent.bytes()).isEqualTo(24);
  }

  private static Question question(Operation operation, String fields) {
    return new Question(operation, fields, TODAY, Network.FORBIDDEN);
  }
}
