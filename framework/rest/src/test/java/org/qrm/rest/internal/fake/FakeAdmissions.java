package org.qrm.rest.internal.fake;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.admission.AdmissionWindow;
import org.qrm.api.admission.Admissions;
import org.qrm.api.admission.ExpectedMachine;
import org.qrm.api.admission.ExpectedMachineField;
import org.qrm.api.admission.ImportedMachines;

/** Three machines wait; what is expected is kept as it came. */
public final class FakeAdmissions implements Admissions {

    public Filter<ExpectedMachineField> lastFilter;
    public Sort<ExpectedMachineField> lastSort;

    public final List<ExpectedMachine> known = new ArrayList<>();
    public final List<String> imported = new ArrayList<>();
    private AdmissionWindow window;
    private int waiting = 3;

    @Override
    public Optional<AdmissionWindow> window() {
        return Optional.ofNullable(window);
    }

    @Override
    public long waiting() {
        return waiting;
    }

    @Override
    public AdmissionWindow open(Duration length, int machines) {
        window = new AdmissionWindow(Instant.EPOCH.plus(length), machines);
        return window;
    }

    @Override
    public void close() {
        window = null;
    }

    @Override
    public int admitWaiting(String text) {
        return text.isEmpty() || text.equals("dell") ? none() : 0;
    }

    @Override
    public int dropWaiting() {
        return none();
    }

    private int none() {
        int before = waiting;
        waiting = 0;
        return before;
    }

    @Override
    public Page<ExpectedMachine> expected(
            Filter<ExpectedMachineField> filter, Sort<ExpectedMachineField> sort, PageRequest page) {
        lastFilter = filter;
        lastSort = sort;
        return Pages.cut(known, page);
    }

    @Override
    public Optional<ExpectedMachine> expected(long id) {
        return known.stream().filter(machine -> machine.id() == id).findFirst();
    }

    @Override
    public ImportedMachines expect(List<ExpectedMachine> machines, boolean dryRun) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ImportedMachines expect(String csv, boolean dryRun) {
        imported.add((dryRun ? "only told: " : "") + csv);
        return new ImportedMachines(2, 1, 0);
    }

    @Override
    public void forget(long id, Expected<ExpectedMachine> expected) {
        expected.check(expected(id)
                .orElseThrow(() -> QrmException.notFound("remove", "expected machine", String.valueOf(id))));
        known.removeIf(machine -> machine.id() == id);
    }
}
