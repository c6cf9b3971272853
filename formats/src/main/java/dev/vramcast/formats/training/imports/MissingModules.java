package dev.vramcast.formats.training.imports;

import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.python.module.Imports;
import dev.vramcast.formats.python.module.Imports.Import;
import dev.vramcast.formats.python.module.ModuleLines;
import dev.vramcast.formats.python.module.ModuleParts;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Modules of a program's own that are not there, where it calls something of them that may make its
 * model, its adapters or its arguments.
 */
public final class MissingModules {

  private static final int MOST = 3;

  /** Left side of an assignment that is looked at. */
  private static final int LONGEST = 200;

  private static final Pattern MAKES =
      Pattern.compile(
          "(?i)\\w*(?:model|lora|peft|quant|bnb|adapter|trainer|arguments|unsloth|optimizer"
              + "|setup|checkpoint)\\w*");

  private static final Pattern OTHER =
      Pattern.compile(
          "(?i)\\w*(?:data|token|collat|metric|eval|log|plot|reward|prompt|callback|score|schema"
              + "|name|path|card|print|info|generat|infer|save|seed|count|wandb"
              + "|available|summar|memory)\\w*"
              + "|(?i)(?:is|has|num|check)_\\w*");

  /** What a program keeps its model, or a part of it, in. */
  private static final Pattern GIVEN =
      Pattern.compile("(?i)(?:self\\.)?\\w*(?:model|trainer|peft|lora|bnb|quant)\\w*");

  private MissingModules() {}

  /** A reading with what its program is not seen to do. */
  public static Reading said(
      TrainingFile program, Function<String, Optional<TrainingFile>> lookup, Reading reading) {
    if (program.form() != Form.PROGRAM || !reading.unreadable().isEmpty()) {
      return reading;
    }
    List<Node.Scalar> lines =
        program.lines().stream().filter(line -> !ModuleLines.isOne(line.line())).toList();
    String code = ModuleParts.code(ModuleLines.text(lines));
    List<String> rows = List.of(code.split("\n", -1));
    List<Finding> findings = new ArrayList<>(reading.findings());
    int before = findings.size();
    for (Import each : Imports.of(code)) {
      boolean own =
          ModuleFiles.mayBeOwn(each.dots(), each.module())
              && !PublishedPackages.has(each.dots(), each.module());
      Set<String> made = own ? made(each, rows) : Set.of();
      if (!made.isEmpty() && !isThere(each, program, lookup)) {
        made.stream()
            .limit(Math.max(0, before + MOST - findings.size()))
            .map(name -> finding(program, lines, each, name))
            .forEach(findings::add);
      }
    }
    return findings.size() == before ? reading : reading.with(findings);
  }

  private static Finding finding(
      TrainingFile program, List<Node.Scalar> lines, Import of, String name) {
    return Finding.of(
        FindingCode.NOT_FOLLOWED,
        new Setting(program.name(), name, line(lines, name)),
        Shown.oneLine(name),
        " is of ",
        Shown.oneLine(".".repeat(of.dots()) + of.module()),
        ", which is not beside the file: what it does to the job is not followed");
  }

  /** What the program calls of an import that may make something, by the names it calls it by. */
  private static Set<String> made(Import each, List<String> rows) {
    String part = "(?:\\.[A-Za-z_]\\w*+)" + (each.name().isEmpty() ? "" : "?+");
    Pattern calls =
        Pattern.compile("(?<![\\w.])" + Pattern.quote(each.as()) + part + "(?=\\s*+\\()");
    Set<String> made = new LinkedHashSet<>();
    for (String row : rows.stream().filter(row -> row.contains(each.as())).toList()) {
      int given = given(row);
      for (Matcher call = calls.matcher(row); call.find(); ) {
        boolean itself = call.group().equals(each.as());
        String name = itself ? each.name() : last(call.group());
        if (isMaker(name) || call.start() > given) {
          made.add(name);
        }
      }
    }
    return made;
  }

  private static String last(String dotted) {
    return dotted.substring(dotted.lastIndexOf('.') + 1);
  }

  private static boolean isMaker(String name) {
    return MAKES.matcher(name).matches() && !OTHER.matcher(name).matches();
  }

  /** Where a row gives the program's model, or what belongs to it, a value; its end for others. */
  private static int given(String row) {
    int equals = row.indexOf('=');
    boolean given =
        equals > 0
            && equals < LONGEST
            && Stream.of(row.substring(0, equals).split("[,:]"))
                .map(String::strip)
                .anyMatch(name -> GIVEN.matcher(name).matches() && !OTHER.matcher(name).matches());
    return given ? equals : row.length();
  }

  private static boolean isThere(
      Import each, TrainingFile program, Function<String, Optional<TrainingFile>> lookup) {
    String module = each.module();
    String part = module.isEmpty() ? each.name() : module + '.' + each.name();
    return ModuleFiles.path(program.name())
        .map(path -> new ModuleFiles(path, ModuleFiles.ANYWHERE, lookup))
        .filter(
            files ->
                Stream.of(module, module + ".__init__", part)
                    .anyMatch(name -> files.find(each.dots(), name).isPresent()))
        .isPresent();
  }

  private static Node line(List<Node.Scalar> lines, String name) {
    Pattern named = Pattern.compile("\\b" + Pattern.quote(name) + "\\b");
    return lines.stream()
        .filter(line -> named.matcher(String.valueOf(line.value())).find())
        .findFirst()
        .<Node>map(line -> new Node.Scalar(name, line.mark()))
        .orElseGet(() -> new Node.Scalar(name, Mark.of(1)));
  }
}
