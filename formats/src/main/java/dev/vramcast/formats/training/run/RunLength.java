package dev.vramcast.formats.training.run;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.Optional;

/**
 * How long a run is: optimizer steps, where a file ends it by them, else passes over its examples.
 *
 * @param key what the framework calls passes
 * @param usual how many it makes where the file does not say
 */
public record RunLength(String key, int usual) {

  /** The key of the Trainer's arguments, and three passes (transformers/training_args.py). */
  public static final RunLength TRAINER = new RunLength("num_train_epochs", 3);

  /** Reads the passes where no number of steps is above zero. */
  public void read(JobBuilder job, String steps) {
    Optional<Setting> end = job.get(steps).filter(each -> each.number().signum() > 0);
    if (end.isPresent()) {
      job.put(JobKey.STEPS, end.get());
    } else {
      epochs(job);
    }
  }

  /** Reads the passes where no number of rounds, which are no optimizer steps, ends the run. */
  public void readRounds(JobBuilder job, String rounds) {
    job.get(rounds).ifPresentOrElse(end -> rounds(job, end), () -> epochs(job));
  }

  /** Says that a number of rounds, which are no optimizer steps, ends the run. */
  public static void rounds(JobBuilder job, Setting steps) {
    job.say(
        FindingCode.NOT_COUNTED,
        steps,
        steps.key(),
        " is ",
        steps.shown(),
        ": it ends the run, so give ",
        JobKey.TOKENS,
        " for its time");
  }

  /** Passes under the framework's own key, or those of the framework. */
  public void epochs(JobBuilder job) {
    epochs(job, job.get(key));
  }

  /** Passes that a file states, or those of its framework. */
  public void epochs(JobBuilder job, Optional<Setting> stated) {
    if (stated.isPresent()) {
      job.put(JobKey.EPOCHS, stated.get());
      return;
    }
    job.put(JobKey.EPOCHS, usual, new Place.Chosen("the default of " + key));
    if (usual > 1) {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          key,
          key + " is missing: a run passes over its data " + usual + " times by default");
    }
  }
}
