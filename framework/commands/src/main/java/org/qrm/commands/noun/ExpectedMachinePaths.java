package org.qrm.commands.noun;

import java.util.List;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.Tag;
import org.qrm.api.admission.ExpectedMachine;
import org.qrm.api.admission.ExpectedMachineField;
import org.qrm.api.admission.ImportedMachines;
import org.qrm.api.user.Role;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Content;
import org.qrm.commands.ListQuery;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** Machines that are admitted when they come. */
public final class ExpectedMachinePaths implements Paths {

    private static final String PATH = "/expected-machines";
    private static final ListQuery<ExpectedMachineField> LIST = ListQuery.of(Sort.by(ExpectedMachineField.ID));

    private final ApiServices services;

    record ExpectedMachineView(
            @About("its number") long id,

            @About(value = "MAC address of one of its cards", optional = true)
            String mac,

            @About(value = "UUID as its firmware tells it", optional = true)
            String uuid,

            @About(value = "serial number as its firmware tells it", optional = true)
            String serial,

            @About(value = "what it is called when it has come", optional = true)
            String name,

            @About("what it is tagged with when it has come")
            List<String> tags,

            @About("whom it belongs to when it has come, empty when nobody said")
            String owner) {
        static ExpectedMachineView of(ExpectedMachine machine) {
            return new ExpectedMachineView(
                    machine.id(),
                    machine.mac() == null ? null : machine.mac().value(),
                    machine.uuid(),
                    machine.serial(),
                    machine.name(),
                    machine.tags().stream().map(Tag::toString).toList(),
                    machine.owner());
        }
    }

    record Machines(
            @About(
                    value = "lines with commas (RFC 4180); the first names the columns, some of mac, uuid, serial,"
                            + " name, tags (blanks between them) and owner, and what plug-ins ask about machines, as"
                            + " ipmi.address; each further one is a machine",
                    most = 1_000_000)
            String csv,

            @About(value = "only tells what it would do", optional = true)
            Boolean dryRun) {}

    record ImportedView(
            @About("how many were new") int added,
            @About("how many were there before") int present,

            @About("how many machines that waited are admitted by it")
            int admitted) {}

    public ExpectedMachinePaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(PATH, "Lists the machines that are admitted when they come, those that came included.")
                        .listed(LIST)
                        .answersListOf(ExpectedMachineView.class)
                        .typed(VerbSketch.of("expected-machine", "list")
                                .columns("id", "mac", "uuid", "serial", "name", "tags", "owner"))
                        .by(call ->
                                Answer.ok(LIST.answer(call, services.admissions()::expected, ExpectedMachineView::of))),
                Route.post(
                                PATH,
                                "Expects machines, all of a list or none; those that wait and are among them are admitted.")
                        .only(Role.ADMIN)
                        .takes(Machines.class)
                        .secret()
                        .answers(200, ImportedView.class)
                        .by(this::expect),
                Route.get(PATH + "/{id}", "One of them.")
                        .answers(200, ExpectedMachineView.class)
                        .by(call -> Answer.ok(ExpectedMachineView.of(find(call)))),
                Route.delete(PATH + "/{id}", "Expects a machine no longer; if it was admitted it stays so.")
                        .answers(204, Content.NOTHING)
                        .typed(VerbSketch.of("expected-machine", "remove")
                                .done("Machine {id} is not expected any longer."))
                        .by(this::forget));
    }

    private Answer expect(Call call) throws Exception {
        Machines machines = call.body(Machines.class);
        ImportedMachines outcome = services.admissions().expect(machines.csv, Boolean.TRUE.equals(machines.dryRun));
        return Answer.ok(new ImportedView(outcome.added(), outcome.present(), outcome.admitted()));
    }

    private ExpectedMachine find(Call call) {
        long id = call.number("id", "expected machine");
        return services.admissions()
                .expected(id)
                .orElseThrow(
                        () -> QrmException.notFound("find expected machine", "expected machine", String.valueOf(id)));
    }

    private Answer forget(Call call) {
        services.admissions().forget(call.number("id", "expected machine"), call.expected(ExpectedMachineView::of));
        return Answer.NO_CONTENT;
    }
}
