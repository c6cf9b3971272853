package dev.vramcast.formats.training.registry;

import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An encoder that options name beside a model of language, which LLaVA and its like join to it. */
final class NamedEncoder {

  private static final Pattern KEY =
      Pattern.compile(
          "(?i)(?:mm_|pretrained_)?(?:vision|image|video|audio|speech)_(?:tower|encoder|backbone)s?"
              + "(?:_\\d)?(?:_name_or_path|_name|_path)?");

  /** A path or a name of the Hub, and no switch or number. */
  private static final Pattern MODEL = Pattern.compile("(?s)[^\\s]{0,200}[A-Za-z][^\\s]{2,200}");

  private static final Pattern SWITCH = Pattern.compile("(?i)true|false|none|null");

  private NamedEncoder() {}

  /**
   * A reading that says so.
   *
   * @param first the command, or the file, as it was given
   * @param main what was read in its place
   */
  static Reading said(TrainingFile first, TrainingFile main, Reading reading) {
    boolean known = reading.document().has(JobKey.IMAGES) || reading.document().has(JobKey.FROZEN);
    Optional<Setting> encoder =
        Stream.of(first, main)
            .filter(file -> file.form() != Form.PROGRAM && !known)
            .flatMap(
                file ->
                    file.root().fields().entrySet().stream()
                        .filter(option -> KEY.matcher(option.getKey()).matches())
                        .map(
                            option -> new Setting(file.name(), option.getKey(), option.getValue())))
            .filter(setting -> setting.node().value() instanceof String)
            .filter(setting -> MODEL.matcher(setting.shown()).matches())
            .filter(setting -> !SWITCH.matcher(setting.shown()).matches())
            .findFirst();
    if (encoder.isEmpty()) {
      return reading;
    }
    List<Finding> findings = new ArrayList<>(reading.findings());
    findings.add(
        Finding.of(
            FindingCode.NOT_COUNTED,
            encoder.get(),
            Shown.oneLine(encoder.get().key()),
            " is ",
            Shown.given(encoder.get().shown()),
            ", a model of its own beside the one that is counted: neither it nor what joins the two"
                + " is counted"));
    return reading.with(findings);
  }
}
