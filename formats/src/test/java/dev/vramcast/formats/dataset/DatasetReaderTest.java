package dev.vramcast.formats.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.data.CharactersPerToken;
import dev.vramcast.core.data.CountedLengths;
import dev.vramcast.core.data.TokenCounter;
import dev.vramcast.core.input.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class DatasetReaderTest {

  private static final TokenCounter LETTERS = new CharactersPerToken(1);
  private static final TokenCounter WORDS = text -> text.split(" ").length;

  @TempDir private Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("train.jsonl"), content);
  }

  private DatasetLengths read(String content) throws IOException {
    return new DatasetReader().read(file(content), LETTERS);
  }

  private void refused(String content, String message) throws IOException {
    Path file = file(content);
    assertThatThrownBy(() -> new DatasetReader().read(file, LETTERS))
        .isInstanceOf(InputException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(600))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContainPattern("\\p{Cntrl}"))
        .hasMessageContaining(message);
  }

  /** A record, the fields that are read, its tokens where each letter is one. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'text': 'abc', 'id': [1, {'text': 'x'}]} | text | 3 + 1",
        "{'prompt': 'ab', 'completion': 'cd'} | prompt + completion | 4 + 1",
        "{'prompt': [{'role': 'user', 'content': 'ab'}],"
            + " 'completion': [{'role': 'assistant', 'content': 'c'}]}"
            + " | prompt + completion | 3 + 1 + 10",
        "{'messages': [{'role': 'user', 'content': 'ab'}, {'content': 'c'}]}"
            + " | messages | 3 + 1 + 10",
        "{'messages': [{'content': [{'type': 'image'}, {'type': 'text', 'text': 'ab'}]}]}"
            + " | messages | 2 + 1 + 5",
        "{'messages': [{'content': null, 'tool_calls': [{}]}]} | messages | 0 + 1 + 5",
        "{'conversations': [{'from': 'human', 'value': 'ab'}]} | conversations | 2 + 1 + 5",
        "{'instruction': 'ab', 'input': '', 'output': 'c'}"
            + " | instruction + input + output | 3 + 1 + 10",
        "{'instruction': 'ab', 'input': null, 'output': 'c'}"
            + " | instruction + output | 3 + 1 + 10",
        "{'input_ids': [1, 2, 3, 4], 'text': 'abcdefghi'} | input_ids | 4",
      })
  void the_text_is_found_in_the_shapes_that_records_have(String record, String shape, String sum)
      throws IOException {
    int tokens = Arrays.stream(sum.split(" \\+ ")).mapToInt(Integer::parseInt).sum();

    DatasetLengths read = read(record.replace('\'', '"') + "\n");

    assertThat(read.shapes()).containsExactly(shape);
    assertThat(read.lengths().lengths()).containsExactly(tokens);
  }

  @Test
  void lines_end_as_they_like_and_blank_ones_are_nothing() throws IOException {
    DatasetLengths read =
        read("\ufeff{\"text\": \"a\"}\r\n\n  \r\n{\"text\": \"abc\"}\n{\"text\": \"ab\"}");

    assertThat(read.lengths()).isEqualTo(CountedLengths.of(List.of(2, 4, 3)));
    assertThat(read.complete()).isTrue();
    assertThat(read.charactersPerToken()).hasValue(1);
  }

  @Test
  void a_compressed_file_is_told_by_its_first_bytes() throws IOException {
    byte[] bytes = gzip("{\"text\": \"abc\"}\n".repeat(1000));
    Path file = Files.write(folder.resolve("train.jsonl"), bytes);

    assertThat(new DatasetReader().read(file, LETTERS).lengths().examples()).isEqualTo(1000);

    Path cut = Files.write(folder.resolve("cut.jsonl.gz"), Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> new DatasetReader().read(cut, LETTERS))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("cut.jsonl.gz: the compressed data are damaged or cut off");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'text': 'a'}~{'txt': 'a', 'id': 5} | train.jsonl:2:1: has the fields 'txt', 'id';"
            + " looked for input_ids, messages,",
        "{} | train.jsonl:1:1: has no fields; looked for",
        "{'text': 'a'}~~{'text': 'a' | train.jsonl:3:",
        "{'text': 'a'} {'text': 'b'} | train.jsonl:1:15: text after the JSON object",
        "[{'text': 'a'}] | train.jsonl:1:1: holds a list, expected one JSON object a line",
        "7 | train.jsonl:1:1: expected one JSON object a line",
        "text,label | train.jsonl:1:1: not a JSON object: ",
        "{'text': 'a', 'text': 'b'} | train.jsonl:1:21: not a JSON object: Duplicate",
        "{'text': 5} | train.jsonl:1:10: text is neither text nor a list",
        "{'messages': 'a', 'text': {}} | train.jsonl:1:27: text is neither text nor a list",
        "{'messages': ['a']} | train.jsonl:1:15: a message in messages is no object",
        "{'messages': [{'role': 'user'}]} | has neither content nor value",
        "{'messages': [{'content': 5}]} | the content of a message is neither text nor a list",
        "{'messages': [{'content': ['a']}]} | a part of a message is no object",
        "{'messages': [1]} | messages holds something else than messages",
        "{'input_ids': ['a']} | a message in input_ids is no object",
        "{'input_ids': 'ab'} | input_ids holds something else than tokens",
        "{'input_ids': [1, NaN]} | train.jsonl:1:22: not a JSON object: ",
      })
  void a_line_without_an_example_is_refused_with_its_number(String lines, String message)
      throws IOException {
    refused(lines.replace('\'', '"').replace('~', '\n'), message);
  }

  @Test
  void what_is_no_data_set_is_refused() throws IOException {
    refused("", "train.jsonl: holds no examples");
    refused("\n \n", "train.jsonl: holds no examples");
    refused("{\"input_ids\": []}", "train.jsonl: holds no examples");
    refused("{\"text\": " + "[".repeat(100_000), "train.jsonl:1:");
    refused("{\"id\": " + "[".repeat(100_000), "train.jsonl:1:");
    refused("{\"" + "k".repeat(200_000) + "\": 1}", "train.jsonl:1:");
    refused("\u0000\u001b[31m\u202e", "train.jsonl:1:");
    assertThatThrownBy(() -> new DatasetReader().read(folder, LETTERS))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith(": is a directory");
    assertThatThrownBy(() -> new DatasetReader().read(folder.resolve("none"), LETTERS))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("none: no such file");
  }

  @Test
  void bytes_that_are_no_text_are_refused() throws IOException {
    Path file = folder.resolve("train.jsonl");
    Files.write(file, "{\"text\": \"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> new DatasetReader().read(file, LETTERS))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("train.jsonl:1:13: not a JSON object: Invalid UTF-8");
  }

  @Test
  void whatever_the_bytes_only_an_input_exception_comes_out() throws IOException {
    Random random = new Random(3);
    Path file = folder.resolve("train.jsonl");
    byte[] record =
        "{\"messages\": [{\"role\": \"user\", \"content\": \"ab\"}], \"text\": \"x\"}\n"
            .getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 3_000; i++) {
      byte[] bytes = record.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, bytes);
      try {
        assertThat(new DatasetReader().read(file, LETTERS).lengths().examples()).isPositive();
      } catch (InputException e) {
        assertThat(e.getMessage()).doesNotContainPattern("[\\p{Cntrl}\u2028\u2029]");
      }
    }
  }

  @Test
  void a_long_line_is_refused_and_a_long_file_cut_short() throws IOException {
    Path file = file("{\"text\": \"abc\"}\n".repeat(10));

    assertThatThrownBy(() -> new DatasetReader(14, 1 << 20, 0).read(file, LETTERS))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("train.jsonl:1: the line is longer than");
    DatasetLengths some = new DatasetReader(15, 33, 0).read(file, LETTERS);
    assertThat(some.lengths().examples()).isEqualTo(3);
    assertThat(some.complete()).isFalse();
    assertThat(new DatasetReader(15, 160, 0).read(file, LETTERS).complete()).isTrue();
  }

  @Test
  void behind_its_budget_a_tokenizer_counts_only_what_may_be_longest() throws IOException {
    Path file =
        file(
            """
            {"text": "a b c d"}
            {"text": "abcdefg"}
            {"text": "a b c d e"}
            """);

    DatasetLengths all = new DatasetReader(1 << 20, 1 << 20, 1 << 20).read(file, WORDS);
    assertThat(all.lengths().lengths()).containsExactly(2, 5, 6);
    assertThat(all.charactersPerToken()).isEmpty();

    // 7 characters were 4 tokens, so 7 characters count as 4 more; the last line is counted.
    DatasetLengths guessed = new DatasetReader(1 << 20, 1 << 20, 7).read(file, WORDS);
    assertThat(guessed.lengths().lengths()).containsExactly(5, 5, 6);
    assertThat(guessed.charactersPerToken()).hasValue(16.0 / 9);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
