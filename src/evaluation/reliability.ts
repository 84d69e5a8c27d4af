const BINS = 10;

/** How sure a model was of its first choice, and whether that was the token. */
export interface Guess {
  /** The largest probability. */
  readonly confidence: number;
  readonly correct: boolean;
}

/** Guesses of similar confidence. */
export interface ReliabilityBin {
  /** Confidences in (low, high]. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
  /** Mean confidence, and the part that was correct; 0 where there are none. */
  readonly confidence: number;
  readonly accuracy: number;
}

/** Whether a model is right as often as it is sure to be. */
export interface Reliability {
  /** Mean |accuracy − confidence| over guesses, by bins: the expected calibration error. */
  readonly calibrationError: number;
  /** Ten bins, equally wide. */
  readonly bins: readonly ReliabilityBin[];
}

/** The reliability of some guesses (Guo et al. 2017). */
export function reliabilityOf(guesses: readonly Guess[]): Reliability {
  const sums = Array.from({ length: BINS }, () => ({ count: 0, confidence: 0, correct: 0 }));
  for (const { confidence, correct } of guesses) {
    const bin = sums[Math.max(0, Math.ceil(confidence * BINS) - 1)];
    bin.count++;
    bin.confidence += confidence;
    bin.correct += correct ? 1 : 0;
  }
  let error = 0;
  const bins = sums.map(({ count, confidence, correct }, i) => {
    error += Math.abs(correct - confidence);
    const each = Math.max(1, count);
    return {
      low: i / BINS,
      high: (i + 1) / BINS,
      count,
      confidence: confidence / each,
      accuracy: correct / each,
    };
  });
  return { calibrationError: error / guesses.length, bins };
}
