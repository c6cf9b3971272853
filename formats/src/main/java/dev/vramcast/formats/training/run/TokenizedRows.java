package dev.vramcast.formats.training.run;

import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.python.module.CutRows;
import dev.vramcast.formats.python.module.ModuleLines;
import dev.vramcast.formats.python.objects.ClassFields;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How long a program makes its rows where it calls the tokenizer itself. */
public final class TokenizedRows {

  /** A part of an object that holds rows. */
  private static final Pattern PART = Pattern.compile("self\\.\\w{1,99}");

  private static final Pattern DEFINES = Pattern.compile("[ \\t]{0,80}def[ \\t]{1,9}(\\w{1,80})");

  /** {@code rows.map(encode, ...)}. */
  private static final String MAPS =
      "\\.map\\(\\s{0,80}(?:function\\s{0,9}=\\s{0,9})?"
          + "(?:lambda\\s{1,9}\\w{1,80}\\s{0,9}:\\s{0,9})?%s\\b";

  private TokenizedRows() {}

  /**
   * Puts that under the names that arguments have for it.
   *
   * @param trl whether a trainer of TRL trains
   */
  public static void put(TrainingFile file, boolean trl, Map<String, Node> keys) {
    if (file.has("Seq2SeqTrainer") || file.has(TrainingFile.TARGETS)) {
      take(file, CutRows.TOKENIZES, Map.of("max_length", "max_source_length"), keys);
      take(file, TrainingFile.TARGETS, Map.of("max_length", "max_target_length"), keys);
      if (file.has(TrainingFile.TARGETS + ".0") && !keys.containsKey("max_source_length")) {
        // One call cuts what is read and what is written.
        take(file, TrainingFile.TARGETS, Map.of("max_length", "max_source_length"), keys);
      }
    } else if (isCut(file) && (file.has("Trainer") && !trl || isPadded(file))) {
      // Rows that are all as long as they are cut to are no longer for TRL's trainer.
      boolean told = keys.containsKey("max_length") || keys.containsKey("max_seq_length");
      take(file, CutRows.TOKENIZES, told ? Map.of() : Map.of("max_length", "max_seq_length"), keys);
    }
    if (trl && file.has("SFTTrainer")) {
      mapped(file, keys);
      padded(file, keys);
    }
    cutByTokenizer(file, keys);
    boolean told = Stream.of("max_length", "max_seq_length").anyMatch(keys::containsKey);
    file.node(CutRows.ROWS)
        .filter(length -> !trl && !told && file.has("Trainer"))
        .ifPresent(length -> keys.put("max_length", length));
  }

  /** Rows that a data set is made of are no longer for TRL's trainer than they are cut to. */
  private static void mapped(TrainingFile file, Map<String, Node> keys) {
    Optional<Node> cut =
        file.node(CutRows.TOKENIZES + ".max_length")
            .filter(length -> Choice.taken(length) instanceof Number && isCut(file))
            .filter(length -> isMapped(file, length.line()));
    Optional<Node> told = Optional.ofNullable(keys.get("max_length"));
    cut.filter(length -> told.isEmpty() && !keys.containsKey("max_seq_length"))
        .ifPresent(length -> keys.put("max_length", length));
  }

  /**
   * Rows that a program makes all of one length are no longer for a trainer that would cut them
   * further on.
   */
  public static void padded(TrainingFile file, Map<String, Node> keys) {
    Optional<Node> cut =
        file.node(CutRows.TOKENIZES + ".max_length")
            .filter(length -> isPadded(file) && isCut(file) && isMapped(file, length.line()));
    List<Node> told =
        Stream.concat(
                Stream.of("max_length", "max_seq_length")
                    .flatMap(name -> Optional.ofNullable(keys.get(name)).stream()),
                file.node("from_pretrained.max_seq_length").stream())
            .toList();
    boolean shorter = cut.isPresent() && told.stream().allMatch(limit -> isLess(cut.get(), limit));
    if (shorter) {
      keys.remove("max_seq_length");
      keys.put("max_length", cut.get());
    }
  }

  private static boolean isLess(Node length, Node limit) {
    return Choice.taken(length) instanceof BigDecimal one
        && Choice.taken(limit) instanceof BigDecimal other
        && one.compareTo(other) < 0;
  }

  /** Whether a function is mapped over a data set that stands around a line. */
  private static boolean isMapped(TrainingFile file, int line) {
    String code = ModuleLines.text(file.lines());
    Optional<String> function = Optional.empty();
    for (Node.Scalar row : file.lines()) {
      if (row.line() > line) {
        break;
      }
      Matcher def = DEFINES.matcher(String.valueOf(row.value()));
      function = def.lookingAt() ? Optional.of(def.group(1)) : function;
    }
    return function
        .filter(name -> Pattern.compile(MAPS.formatted(Pattern.quote(name))).matcher(code).find())
        .isPresent();
  }

  /** {@code tokenizer.model_max_length} is what its tokenizer was loaded with. */
  private static void cutByTokenizer(TrainingFile file, Map<String, Node> keys) {
    Optional<Node> loaded = file.node(TrainingFile.TOKENIZER + ".model_max_length");
    boolean cuts =
        isCut(file) && file.has("Trainer") && file.node("tokenizer.max_length").isEmpty();
    loaded
        .filter(limit -> cuts && Choice.taken(limit) instanceof Number)
        .filter(limit -> !keys.containsKey("max_length"))
        .ifPresent(limit -> keys.putIfAbsent("max_length", limit));
    for (String key : List.of("max_length", "max_seq_length")) {
      Node length = keys.get(key);
      if (loaded.isPresent()
          && length != null
          && Choice.taken(length) instanceof String text
          && text.matches("<?\\w*tokenizer\\.model_max_length>?")) {
        keys.put(key, loaded.get());
      }
    }
    Node length = keys.get("max_seq_length");
    boolean passed =
        length != null
            && length.equals(file.node("tokenizer.max_length").orElse(null))
            && Choice.taken(length) instanceof String text
            && (ClassFields.PARAMETER.matcher(text).matches() || PART.matcher(text).matches());
    if (passed) {
      // A parameter of the function that the tokenizer is called in says nothing.
      loaded
          .filter(known -> Choice.taken(known) instanceof Number)
          .ifPresentOrElse(
              known -> keys.put("max_seq_length", known), () -> keys.remove("max_seq_length"));
    }
  }

  /** Whether the tokenizer is told to make all texts of one length. */
  private static boolean isPadded(TrainingFile file) {
    return file.has("SFTTrainer")
        && file.node("tokenizer.padding")
            .filter(to -> "max_length".equals(Choice.taken(to)))
            .isPresent();
  }

  private static boolean isCut(TrainingFile file) {
    Optional<Node> cuts = file.node(CutRows.TOKENIZES + ".truncation");
    return cuts.filter(cut -> !Boolean.FALSE.equals(Choice.taken(cut))).isPresent()
        && file.root().at(CutRows.TOKENIZES).filter(CutRows::isCut).isPresent();
  }

  private static void take(
      TrainingFile file, String call, Map<String, String> names, Map<String, Node> keys) {
    names.forEach(
        (argument, key) -> file.node(call + "." + argument).ifPresent(node -> keys.put(key, node)));
  }
}
