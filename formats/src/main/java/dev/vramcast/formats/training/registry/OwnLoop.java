package dev.vramcast.formats.training.registry;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.loop.TrainingLoop;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Node;
import java.util.Optional;

/** Programs that train in a loop of their own, with no trainer that a reader knows. */
final class OwnLoop {

  /** {@code loss.backward()}, {@code accelerator.backward(loss)}. */
  private static final String STEPS = "backward";

  private OwnLoop() {}

  /** Says so of such a program; empty for any other file. */
  static Optional<InputError> of(TrainingFile file) {
    Optional<Node> why = file.root().at(TrainingLoop.NAME + "." + TrainingLoop.REFUSED);
    return why.or(() -> file.root().at(STEPS))
        .filter(call -> file.form() == Form.PROGRAM)
        .map(
            call ->
                InputError.of("trains in a loop of its own, of whose steps no reader knows")
                    .and(why.map(reason -> ": " + reason.value()).orElse(""))
                    .at(call.place(file.name()))
                    .hint(
                        "give what it trains in place of the file: ",
                        JobKey.MODEL_ID,
                        ", ",
                        JobKey.METHOD,
                        ", ",
                        JobKey.MICRO_BATCH,
                        " and ",
                        JobKey.SEQUENCE_LENGTH)
                    .kind(ErrorKind.UNKNOWN_FORMAT));
  }
}
