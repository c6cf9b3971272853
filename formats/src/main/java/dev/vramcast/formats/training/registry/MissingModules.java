package dev.vramcast.formats.training.registry;

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
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Modules of a program's own that are not there, where it calls something of them that may make its
 * model, its adapters or its arguments.
 */
final class MissingModules {

  private static final int MOST = 3;

  private static final Pattern MAKES =
      Pattern.compile(
          "(?i)\\w*(?:model|lora|peft|quant|bnb|adapter|trainer|arguments|unsloth|optimizer"
              + "|setup|checkpoint)\\w*");

  private static final Pattern OTHER =
      Pattern.compile(
          "(?i)\\w*(?:data|token|collat|metric|eval|log|plot|reward|prompt|callback|score|schema"
              + "|name|path|card|print|info|generat|infer|save|seed)\\w*");

  private MissingModules() {}

  /** A reading with what its program is not seen to do. */
  static Reading said(
      TrainingFile program, Function<String, Optional<TrainingFile>> lookup, Reading reading) {
    if (program.form() != Form.PROGRAM || !reading.unreadable().isEmpty()) {
      return reading;
    }
    List<Node.Scalar> own =
        program.lines().stream().filter(line -> !ModuleLines.isOne(line.line())).toList();
    String code =
        ModuleParts.code(
            own.stream()
                .map(line -> String.valueOf(line.value()))
                .collect(Collectors.joining("\n")));
    List<Finding> findings = new ArrayList<>(reading.findings());
    int before = findings.size();
    for (Import each : Imports.of(code)) {
      if (findings.size() < before + MOST && makes(each, code) && !isThere(each, program, lookup)) {
        String module = ".".repeat(each.dots()) + each.module();
        findings.add(
            Finding.of(
                FindingCode.NOT_FOLLOWED,
                new Setting(program.name(), each.name(), line(own, each)),
                Shown.oneLine(each.name()),
                " is of ",
                Shown.oneLine(module),
                ", which is not beside the file: what it does to the job is not followed"));
      }
    }
    return findings.size() == before ? reading : reading.with(findings);
  }

  private static boolean makes(Import each, String code) {
    return ModuleFiles.mayBeOwn(each.dots(), each.module())
        && MAKES.matcher(each.name()).matches()
        && !OTHER.matcher(each.name()).matches()
        && Pattern.compile("(?<![\\w.])" + Pattern.quote(each.as()) + "\\s*\\(")
            .matcher(code)
            .find();
  }

  private static boolean isThere(
      Import each, TrainingFile program, Function<String, Optional<TrainingFile>> lookup) {
    return ModuleFiles.path(program.name())
        .map(path -> new ModuleFiles(path, ModuleFiles.ANYWHERE, lookup))
        .filter(
            files ->
                files.find(each.dots(), each.module()).isPresent()
                    || files.find(each.dots(), each.module() + ".__init__").isPresent())
        .isPresent();
  }

  private static Node line(List<Node.Scalar> lines, Import each) {
    Pattern named = Pattern.compile("\\b" + Pattern.quote(each.name()) + "\\b");
    return lines.stream()
        .filter(line -> named.matcher(String.valueOf(line.value())).find())
        .findFirst()
        .<Node>map(line -> new Node.Scalar(each.name(), line.mark()))
        .orElseGet(() -> new Node.Scalar(each.name(), Mark.of(1)));
  }
}
