package org.qrm.api.environment;

import java.util.List;

/**
 * Where a virtual environment would go, and why not elsewhere.
 *
 * @param possible whether enough machines fit
 * @param chosen ids of the machines that would be taken, tightest fit first; those that are off after all that are idle
 * @param candidates every machine that was looked at, at most 1000, chosen ones first
 */
public record Placement(boolean possible, List<Long> chosen, List<Candidate> candidates) {

    /**
     * One machine that was looked at.
     *
     * @param resource its id
     * @param name its name
     * @param fits whether it could be taken
     * @param reasons why it does not fit, with figures; of one that fits and is off, that it will be switched on; else empty
     */
    public record Candidate(long resource, String name, boolean fits, List<String> reasons) {
        public Candidate {
            reasons = List.copyOf(reasons);
        }
    }

    public Placement {
        chosen = List.copyOf(chosen);
        candidates = List.copyOf(candidates);
    }
}
