package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.family.Families;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Configs for tests, in a short notation: a model type, then the usual six sizes or {@code small},
 * then {@code key=value}. Values are numbers, words, {@code [lists]} and <code>{objects}</code>.
 */
public final class Configs {

  private static final List<String> SIZES =
      List.of(
          "vocab_size",
          "hidden_size",
          "intermediate_size",
          "num_hidden_layers",
          "num_attention_heads",
          "num_key_value_heads");
  private static final Pattern TOKEN = Pattern.compile("[\\[\\]{}=]|[^\\s\\[\\]{}=]+");

  /** A small tower of a Qwen-VL: two layers of 128 features, the first of which sees windows. */
  public static final Map<String, Object> TOWER =
      Map.of(
          "vision_config",
          Map.of(
              "depth", 2,
              "hidden_size", 128,
              "intermediate_size", 256,
              "num_heads", 4,
              "out_hidden_size", 1024,
              "deepstack_visual_indexes", List.of(1),
              "fullatt_block_indexes", List.of(1)));

  private final Matcher tokens;
  private String token;

  private Configs(String text) {
    tokens = TOKEN.matcher(text);
    advance();
  }

  /** The model that a config in short notation describes. */
  public static Architecture read(String notation) {
    return Families.read(new ModelConfig("config.json", parse(notation)));
  }

  /** A config in short notation. */
  public static Map<String, Object> parse(String notation) {
    return new Configs(notation).object("");
  }

  /** Cases of {@code name parameters: config}, which may go on in lines that are indented. */
  private static Stream<Arguments> cases(String text) {
    return Stream.of(text.split("\n(?! )"))
        .map(
            model -> {
              String[] parts = model.split(":", 2);
              String[] title = parts[0].split(" ");
              long parameters = Long.parseLong(title[1].replace(",", ""));
              return Arguments.of(title[0], parameters, parse(parts[1]));
            });
  }

  /** The cases of a file beside the tests, as {@link #cases}. */
  static Stream<Arguments> casesOf(String file) {
    try (InputStream in = Configs.class.getResourceAsStream(file)) {
      return cases(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void advance() {
    token = tokens.find() ? tokens.group() : "";
  }

  private Map<String, Object> object(String end) {
    Map<String, Object> object = new LinkedHashMap<>();
    List<Object> sizes = new ArrayList<>();
    while (!token.equals(end)) {
      String word = token;
      advance();
      if (token.equals("=")) {
        advance();
        object.put(word, value());
      } else if (word.equals("small")) {
        sizes.addAll(List.of(1000L, 64L, 160L, 6L, 4L, 2L));
      } else if (Character.isDigit(word.charAt(0))) {
        sizes.add(scalar(word));
      } else {
        object.put("model_type", word);
      }
    }
    for (int i = 0; i < sizes.size(); i++) {
      object.putIfAbsent(SIZES.get(i), sizes.get(i));
    }
    object.values().removeIf("absent"::equals);
    return object;
  }

  private Object value() {
    String word = token;
    advance();
    if (word.equals("{")) {
      Map<String, Object> object = object("}");
      advance();
      return object;
    }
    if (word.equals("[")) {
      List<Object> list = new ArrayList<>();
      while (!token.equals("]")) {
        list.add(value());
      }
      advance();
      return list;
    }
    return scalar(word);
  }

  private static Object scalar(String word) {
    if (word.matches("-?\\d+")) {
      return Long.valueOf(word);
    }
    if (word.matches("-?\\d+\\.\\d+")) {
      return Double.valueOf(word);
    }
    return switch (word) {
      case "true" -> true;
      case "false" -> false;
      case "null" -> null;
      default -> word;
    };
  }
}
