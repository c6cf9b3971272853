package dev.vramcast.validation.cases;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Named;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.input.json.Json;
import dev.vramcast.input.text.TextLines;
import dev.vramcast.input.text.Unreadable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a measured run had at the peak of a phase: the file that {@code --tensors} of
 * validation/measure writes. Its first line names the case and the phase, each further one equal
 * tensors.
 *
 * @param id of the case
 */
public record MeasuredTensors(String id, Phase phase, List<MeasuredTensor> tensors) {

  /** The phases as the program that measures calls them (vramcast_measure/phases.py). */
  private enum PhaseName implements Named {
    LOAD("load", Phase.LOAD),
    FORWARD_LAYERS("fwd_layers", Phase.FORWARD_LAYERS),
    FORWARD_HEAD("fwd_head", Phase.FORWARD_HEAD),
    /** A model that is compared with, from its layers to its head. */
    REFERENCE("reference", Phase.NO_GRAD_HEAD),
    BACKWARD_HEAD("bwd_loss", Phase.BACKWARD_HEAD),
    BACKWARD_LAYERS("bwd_layers", Phase.BACKWARD_LAYERS),
    STEP("step", Phase.STEP),
    EVALUATION("evaluation", Phase.EVALUATION);

    private final String label;
    private final Phase phase;

    PhaseName(String label, Phase phase) {
      this.label = label;
      this.phase = phase;
    }

    @Override
    public String label() {
      return label;
    }
  }

  public MeasuredTensors {
    tensors = List.copyOf(tensors);
  }

  /**
   * Reads a file.
   *
   * @throws InputException that names file and line
   */
  public static MeasuredTensors read(Path file) {
    String source = Shown.oneLine(file.toString());
    try (InputStream in = Files.newInputStream(file)) {
      return read(
          new TextLines(
              new BufferedInputStream(in), source, CaseReader.LONGEST_LINE, Long.MAX_VALUE));
    } catch (IOException e) {
      throw Unreadable.refusal(file, e);
    }
  }

  private static MeasuredTensors read(TextLines lines) throws IOException {
    byte[] first = lines.next();
    if (first == null) {
      throw InputError.of("no line")
          .at(lines.place())
          .allowed("one with 'id' and 'phase' before the tensors")
          .kind(ErrorKind.MISSING)
          .refusal();
    }
    CaseFields header = fields(first, lines.place());
    List<MeasuredTensor> tensors = new ArrayList<>();
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      tensors.add(tensor(fields(line, lines.place())));
    }
    PhaseName phase = header.choice("phase", PhaseName.values());
    return new MeasuredTensors(header.text("id"), phase.phase, tensors);
  }

  private static CaseFields fields(byte[] line, Place.Line place) {
    return new CaseFields(new CaseLine(place, line), "", Json.object(place, line));
  }

  private static MeasuredTensor tensor(CaseFields fields) {
    return new MeasuredTensor(
        fields.text("module", ""),
        fields.text("operation"),
        dtype(fields.text("dtype")),
        fields.shape("shape").stream().reduce(1L, Math::multiplyExact),
        fields.needed("count"),
        fields.needed("bytes"),
        fields.texts("code"));
  }

  private static String dtype(String torch) {
    return switch (torch) {
      case "float32" -> "fp32";
      case "bfloat16" -> "bf16";
      case "float16" -> "fp16";
      default -> torch.startsWith("float8") ? "fp8" : torch;
    };
  }
}
