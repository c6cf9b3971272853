package dev.vramcast.formats.shell;

import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.input.tree.Mark;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a script as they change from line to line. What each was at an earlier command
 * is found again, so that a script of many commands and variables takes no more than it is long.
 */
public final class Variables {

  /** Variables that have another value in each process of a job, of which none is the one. */
  private static final Map<String, Word> OF_EACH =
      Stream.of(
              "SLURM_PROCID",
              "SLURM_NODEID",
              "SLURM_LOCALID",
              "OMPI_COMM_WORLD_RANK",
              "OMPI_COMM_WORLD_LOCAL_RANK",
              "PMI_RANK",
              "JOB_COMPLETION_INDEX")
          .collect(
              Collectors.toUnmodifiableMap(
                  Function.identity(), name -> new Word('$' + name, Mark.NONE)));

  private final Map<String, List<Value>> values = new HashMap<>();

  /** What was set in the shells that are open, with what each was before. */
  private final List<Change> changes = new ArrayList<>();

  /** Where in these each open shell begins. */
  private final Deque<Integer> shells = new ArrayDeque<>();

  private int now;

  private record Value(int since, @Nullable Word word) {}

  private record Change(String name, @Nullable Word before) {}

  /** Sets one from here on. */
  void put(String name, Word word) {
    if (!shells.isEmpty()) {
      changes.add(new Change(name, get(name)));
    }
    set(name, word);
  }

  private void set(String name, @Nullable Word word) {
    now++;
    values.computeIfAbsent(name, each -> new ArrayList<>()).add(new Value(now, word));
  }

  /** A shell of its own begins, {@code (}. */
  void begin() {
    shells.push(changes.size());
  }

  /** It ends, {@code )}, and what it has set with it. */
  void end() {
    int start = shells.isEmpty() ? changes.size() : shells.pop();
    List<Change> own = changes.subList(start, changes.size());
    for (int i = own.size() - 1; i >= 0; i--) {
      set(own.get(i).name(), own.get(i).before());
    }
    own.clear();
  }

  /** What one is now; null where the script has not set it. */
  @Nullable Word get(String name) {
    List<Value> known = values.get(name);
    return known == null ? OF_EACH.get(name) : known.get(known.size() - 1).word();
  }

  /**
   * What all of them are now.
   *
   * @param own set for one command alone
   */
  Moment moment(Map<String, Word> own) {
    return new Moment(this, now, Map.copyOf(own));
  }

  private Optional<Word> at(int moment, List<Value> known) {
    int low = 0;
    int high = known.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (known.get(middle).since() <= moment) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? Optional.empty() : Optional.ofNullable(known.get(low - 1).word());
  }

  /** The variables as a command finds them. */
  public static final class Moment {

    private final Variables variables;
    private final int moment;
    private final Map<String, Word> own;

    private Moment(Variables variables, int moment, Map<String, Word> own) {
      this.variables = variables;
      this.moment = moment;
      this.own = own;
    }

    /** The same with one more, set for the command alone. */
    public Moment and(String name, Word word) {
      Map<String, Word> more = new HashMap<>(own);
      more.put(name, word);
      return new Moment(variables, moment, Map.copyOf(more));
    }

    /** One of them; null where it is not set. */
    @Nullable Word get(String name) {
      Word word = own.get(name);
      List<Value> known = variables.values.get(name);
      return word != null || known == null ? word : variables.at(moment, known).orElse(null);
    }

    /** All of them, by name. */
    Map<String, Word> all() {
      Map<String, Word> all = new HashMap<>();
      variables.values.forEach(
          (name, known) -> variables.at(moment, known).ifPresent(value -> all.put(name, value)));
      all.putAll(own);
      return Map.copyOf(all);
    }
  }
}
