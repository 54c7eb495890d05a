package org.qrm.commands.noun;

import java.util.List;
import org.qrm.api.environment.Placement;
import org.qrm.commands.About;

/** Where a virtual environment would go, as it is answered. */
record PlacementView(
        @About("whether enough machines fit") boolean possible,

        @About(
                "numbers of the machines that would be taken, tightest fit first; those that are off after all that are idle")
        List<Long> chosen,

        @About("every machine that was looked at, at most 1000, chosen ones first")
        List<CandidateView> candidates) {

    record CandidateView(
            @About("its number") long resource,
            @About("its name") String name,
            @About("whether it could be taken") boolean fits,

            @About("why it does not fit, with figures; of one that fits and is off, that it will be switched on")
            List<String> reasons) {}

    static PlacementView of(Placement placement) {
        return new PlacementView(
                placement.possible(),
                placement.chosen(),
                placement.candidates().stream()
                        .map(candidate -> new CandidateView(
                                candidate.resource(), candidate.name(), candidate.fits(), candidate.reasons()))
                        .toList());
    }
}
