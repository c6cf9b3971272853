package dev.vramcast.core.trace.replay;

import dev.vramcast.core.allocator.flat.FlatAllocator;
import dev.vramcast.core.input.Interruption;
import dev.vramcast.core.trace.replay.program.ReplayProgram;
import java.util.Arrays;

/**
 * Writes down what steps ask of an allocator, with a place for each instance of a block. A place is
 * used again when its instance is freed. Which instance is freed depends neither on sizes nor on
 * what an allocator does, so that it is found once for many replays. What never is freed has none.
 */
final class Instances extends TwoSteps {

  /** So many numbers are read at a time at most. */
  static final int WINDOW = 4096;

  private static final int NONE = -1;

  /** Goes through operations. */
  interface Reader {

    /**
     * The next of them, two numbers each: the place and the number of a block that is allocated, or
     * the complement of the place of one that is freed, and zero.
     *
     * @return whether to go on
     */
    boolean read(int[] operations);
  }

  private final ReplayProgram program;
  private final Reader reader;
  private final boolean[] kept;
  private int[] window = new int[WINDOW];
  private int size;

  /** Where in the window the last allocation or mark is; negative where none is. */
  private int last = NONE;

  /** By number: the place of the youngest instance. */
  private final int[] living;

  /** By place: that of an earlier instance of the same block. */
  private int[] under = new int[256];

  /** By place: whether its instance lived when {@link #state} was last asked for. */
  private boolean[] old = new boolean[256];

  /** By number: how many old instances were freed since then. */
  private final int[] taken;

  /** Places that are used again, the next last. */
  private int[] spare = new int[256];

  private int spares;
  private int places;

  Instances(ReplayProgram program, Reader reader) {
    super(program);
    this.program = program;
    this.reader = reader;
    this.kept = program.kept();
    this.living = new int[blocks()];
    this.taken = new int[blocks()];
    Arrays.fill(living, NONE);
  }

  /** Writes a step; the first is 0. */
  void step(int number) {
    int second = program.secondStep();
    if (number == 0) {
      write(0, second);
    } else {
      write(second, program.sections().size());
    }
  }

  /** Writes sections of a program, before {@code to}. */
  void write(int from, int to) {
    run(from, to);
    flush();
  }

  private boolean flush() {
    Interruption.check();
    int[] written = Arrays.copyOf(window, size);
    size = 0;
    last = NONE;
    return written.length == 0 || reader.read(written);
  }

  private boolean add(int place, int number) {
    if (place >= 0) {
      last = size;
    }
    window[size] = place;
    window[size + 1] = number;
    size += 2;
    return size < WINDOW || flush();
  }

  @Override
  boolean allocate(int number) {
    if (kept[number]) {
      return add(FlatAllocator.FOR_GOOD, number);
    }
    int place = place();
    under[place] = living[number];
    living[number] = place;
    return add(place, number);
  }

  private int place() {
    if (spares > 0) {
      spares--;
      return spare[spares];
    }
    if (places == under.length) {
      under = Arrays.copyOf(under, 2 * places);
      old = Arrays.copyOf(old, 2 * places);
      spare = Arrays.copyOf(spare, 2 * places);
    }
    return places++;
  }

  @Override
  void waitForStreams() {
    add(FlatAllocator.WAIT, program.readAside());
  }

  @Override
  void reduced(int number) {
    add(FlatAllocator.REDUCED, number);
  }

  @Override
  boolean passes(int number) {
    return add(FlatAllocator.AT_ONCE, number);
  }

  @Override
  boolean lives(int number) {
    return living[number] != NONE;
  }

  @Override
  void reverse(int number) {
    int reversed = NONE;
    int place = living[number];
    while (place != NONE) {
      int next = under[place];
      under[place] = reversed;
      reversed = place;
      place = next;
    }
    living[number] = reversed;
  }

  @Override
  void freeYoungest(int number) {
    int place = living[number];
    living[number] = under[place];
    free(place, number);
  }

  @Override
  boolean freeSecond(int number) {
    int youngest = living[number];
    int second = under[youngest];
    if (second == NONE) {
      return false;
    }
    under[youngest] = under[second];
    free(second, number);
    return true;
  }

  private void free(int place, int number) {
    if (old[place]) {
      old[place] = false;
      taken[number]++;
    }
    spare[spares] = place;
    spares++;
    if (last != NONE && window[last] == place && !stream(number).isReadAside()) {
      // Only others were freed since it was allocated, in whichever order.
      window[last] = FlatAllocator.AT_ONCE;
    } else {
      add(~place, 0);
    }
  }

  /**
   * What decides how a step goes on from here: which instances live. Places that are free are used
   * from the lowest on then.
   */
  State state() {
    State state = new State(new int[living.length][], taken.clone());
    Arrays.fill(old, false);
    Arrays.fill(taken, 0);
    for (int number = 0; number < living.length; number++) {
      state.chains[number] = chain(living[number]);
    }
    spares = 0;
    for (int place = places - 1; place >= 0; place--) {
      if (!old[place]) {
        spare[spares] = place;
        spares++;
      }
    }
    return state;
  }

  /** Places of a block's instances, from the youngest on, which are old now. */
  private int[] chain(int youngest) {
    int length = 0;
    for (int place = youngest; place != NONE; place = under[place]) {
      old[place] = true;
      length++;
    }
    int[] chain = new int[length];
    int place = youngest;
    for (int i = 0; i < length; i++) {
      chain[i] = place;
      place = under[place];
    }
    return chain;
  }

  /**
   * The instances that live at the same moment of a step.
   *
   * @param chains by number of the block: places from the youngest on
   * @param taken by number: how many of those of the state before were freed until this one
   */
  record State(int[][] chains, int[] taken) {

    /**
     * Whether all goes on from this state as it did from the one before. Of what lives then, only
     * what was freed until now counts, and whether there was more: what nobody frees may lie
     * anywhere, and each step may leave one more of it.
     */
    boolean goesOnAs(State before) {
      for (int number = 0; number < taken.length; number++) {
        int[] now = chains[number];
        int[] then = before.chains[number];
        int freed = taken[number];
        if ((now.length > freed) != (then.length > freed)
            || now.length < freed
            || !Arrays.equals(now, 0, freed, then, 0, freed)) {
          return false;
        }
      }
      return true;
    }
  }
}
