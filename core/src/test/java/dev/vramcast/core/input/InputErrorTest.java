package dev.vramcast.core.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputErrorTest {

  private static final Subject RANK = new Subject.Item("rank");

  @Test
  void the_parts_make_one_line_in_a_fixed_order() {
    InputError error =
        InputError.about(RANK)
            .at(Place.of("job.yaml", 3, 7))
            .is("eigth")
            .and(", which is odd")
            .allowed("one, eight")
            .near("eigth", List.of("one", "eight"))
            .hint("leave it out");

    assertThat(error.line(Words.DOCUMENT))
        .isEqualTo(
            "job.yaml:3:7: rank is 'eigth', which is odd, allowed: one, eight; leave it out."
                + " Did you mean 'eight'?");
    assertThat(error.given()).hasValue("'eigth'");
    assertThat(error.nearest()).containsExactly("eight");
    assertThat(error.subject()).hasValue(RANK);
  }

  @Test
  void what_is_not_known_is_left_out() {
    assertThat(InputError.of("nothing to do").line(Words.DOCUMENT)).isEqualTo("nothing to do");
  }

  @Test
  void a_sentence_may_speak_of_another_place() {
    InputError error =
        InputError.about(RANK).and(" is given twice, first in ", Place.of("a", 1, 2));

    assertThat(error.line(Words.DOCUMENT)).isEqualTo("rank is given twice, first in a:1:2");
    assertThat(error.sentence().pieces()).contains(new Phrase.Piece.At(Place.of("a", 1, 2)));
  }

  @Test
  void a_long_name_of_a_text_is_whole_and_shown_by_its_end() {
    Place.Line place = Place.of("/" + "a".repeat(90) + "/job.yaml", 3, 7);

    assertThat(place.source()).hasSize(100);
    assertThat(place.text()).startsWith("...aaa").endsWith("/job.yaml:3:7").hasSizeLessThan(90);
  }

  @Test
  void each_surface_names_subjects_in_its_own_words() {
    Words loud =
        new Words() {
          @Override
          public String name(Subject subject, Optional<Place> place) {
            return "THE RANK";
          }

          @Override
          public Optional<String> place(Place place) {
            return Optional.empty();
          }
        };
    InputError error =
        InputError.about(RANK).at(Place.of("a")).isSet(3).hint("lower ", RANK, " to 2");

    assertThat(error.line(loud)).isEqualTo("THE RANK is 3; lower THE RANK to 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\u001b[31mb",
        "a\nb",
        "a\u0000b",
        "a\u202eb",
        "a\u2028b",
        "a\ud800b",
        "a\u0085b"
      })
  void no_control_character_of_an_input_is_printed(String hostile) {
    InputError error =
        InputError.unknown("key", hostile, List.of("ab"))
            .at(new Place.Line(hostile, 1, 1, hostile))
            .and(hostile)
            .allowed(hostile)
            .hint(hostile)
            .nearest(Optional.of(hostile));

    assertThat(error.line(Words.DOCUMENT).codePoints()).allMatch(Shown::isPrintable);
    assertThat(error.given().orElseThrow().codePoints()).allMatch(Shown::isPrintable);
  }

  @Test
  void what_is_quoted_is_bounded() {
    String text = "x".repeat(100_000);
    InputError error =
        InputError.about(new Subject.Item(text))
            .at(new Place.Line(text, 1, 1, text))
            .is(text)
            .nearest(Optional.of(text));

    assertThat(error.line(Words.DOCUMENT)).hasSizeLessThan(600);
  }

  @Test
  void a_place_in_a_line_of_a_text_is_one_of_the_text() {
    Place.Line row = Place.of("rows.jsonl", 12);

    assertThat(Place.of("rows.jsonl", 1, 5).within(row).text()).isEqualTo("rows.jsonl:12:5");
    assertThat(Place.of("job.yaml", 3, 5).within(Place.of("job.yaml")).text())
        .isEqualTo("job.yaml:3:5");
  }

  @Test
  void another_errors_sentence_is_a_piece_of_a_notice() {
    InputError error = InputError.of("no such", " thing").hint("leave it out");
    assertThat(Notice.of("rank: ", error.sentence(), ".").toString())
        .isEqualTo("rank: no such thing; leave it out.");
  }
}
