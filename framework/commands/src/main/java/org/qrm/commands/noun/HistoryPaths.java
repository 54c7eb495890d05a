package org.qrm.commands.noun;

import java.util.List;
import org.qrm.api.resource.HistorySample;
import org.qrm.api.resource.HistorySpan;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Items;
import org.qrm.commands.QueryParameter;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** How machines did in the last hour, and before. */
public final class HistoryPaths implements Paths {

    private static final QueryParameter<HistorySpan> SPAN = QueryParameter.withFallback(
            "span",
            HistorySpan.class,
            "how far back: hour by the minute, day by 15 minutes, week by 2 hours, month by 8 hours, year by 4 days",
            HistorySpan.DAY);
    private static final String[] COLUMNS = {
        "from", "heard", "used", "load", "MEMORY MiB=memoryUsedMb", "IN KiB/s=receivedKbs", "OUT KiB/s=sentKbs"
    };

    private final ApiServices services;

    public HistoryPaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/resources/{id}/history", "How a machine did, step by step, oldest first.")
                        .query(SPAN)
                        .paged()
                        .answersListOf(HistoryView.class)
                        .typed(VerbSketch.of("resource", "history")
                                .about("Tells how a machine did: load, memory, network, and whether it was used.")
                                .columns(COLUMNS))
                        .by(call -> answer(
                                call,
                                services.resources()
                                        .history(
                                                ResourceLookup.find(services, call.path("id"))
                                                        .id(),
                                                call.query(SPAN)))),
                Route.get("/history", "The same of all machines together.")
                        .query(SPAN)
                        .paged()
                        .answersListOf(HistoryView.class)
                        .typed(VerbSketch.of("site", "history")
                                .about(
                                        "Tells how all machines together did: how many were used, load, memory, network.")
                                .columns(
                                        "from",
                                        "machines",
                                        "used",
                                        "load",
                                        "MEMORY MiB=memoryUsedMb",
                                        "IN KiB/s=receivedKbs",
                                        "OUT KiB/s=sentKbs"))
                        .by(call -> answer(call, services.resources().history(call.query(SPAN)))));
    }

    private static Answer answer(Call call, List<HistorySample> samples) {
        return Answer.ok(Items.of(samples, call.page(), HistoryView::of));
    }
}
