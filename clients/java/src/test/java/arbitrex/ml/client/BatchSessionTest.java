package arbitrex.ml.client;

import static arbitrex.ml.client.FakeService.allowedItem;
import static arbitrex.ml.client.FakeService.bars;
import static arbitrex.ml.client.FakeService.counting;
import static arbitrex.ml.client.FakeService.refusal;
import static arbitrex.ml.client.FakeService.refusedItem;
import static arbitrex.ml.client.FakeService.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import arbitrex.ml.v1.BatchPredictRequest;
import arbitrex.ml.v1.BatchPredictResponse;
import arbitrex.ml.v1.PredictRequest;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class BatchSessionTest {
  private static final int UNANSWERED_MAX = 1024;

  private FakeService service;
  private MlClient client;
  private BatchSession session;

  @BeforeEach
  void start() throws IOException {
    service = new FakeService();
    client = service.connect(service.client().decisionDeadline(Duration.ofMinutes(1)));
    session = client.openSession();
  }

  @AfterEach
  void stop() {
    session.close();
    client.close();
    service.close();
  }

  @Test
  void sendsAWindowAgainTogetherWithTheNextBarsWhenItsStreamBroke() {
    Function<BatchPredictRequest, BatchPredictResponse> answer = counting();
    service.batch =
        item -> {
          if (service.items.size() == 2) throw refusal(Status.Code.UNAVAILABLE, "going");
          return answer.apply(item);
        };
    session.window(window("EURUSD"));
    assertEquals(4, session.append(bars("EURUSD", 7, 8)).response().getBarIndex());
    assertEquals(3, service.items.size());
    assertEquals(service.items.get(1).getRequestId(), service.items.get(2).getRequestId());
    PredictRequest again = service.items.get(2).getWindow();
    assertEquals(List.of(3.0, 7.0, 8.0), again.getFeaturesMap().get("atr").getValuesList());
    assertEquals(5, again.getHistoryBars());
    assertEquals(4, again.getBarIndex());
  }

  @Test
  void letsCorrectedBarsTakeThePlaceOfRefusedOnes() {
    Function<BatchPredictRequest, BatchPredictResponse> answer = counting();
    service.batch =
        item -> {
          boolean isBad = item.hasAppend() && item.getAppend().getFeaturesMap().get("atr").getValues(0) == 99;
          return isBad ? refusedItem(item, Status.Code.INVALID_ARGUMENT) : answer.apply(item);
        };
    session.window(window("EURUSD"));
    CompletableFuture<Decision> refused = session.appendAsync(bars("EURUSD", 99));
    CompletableFuture<Decision> corrected = session.appendAsync(bars("EURUSD", 7));
    assertEquals(Status.Code.INVALID_ARGUMENT, failureOf(refused).code());
    assertEquals(3, corrected.join().response().getBarIndex());
  }

  @Test
  void takesNoDecisionOnAnotherBar() {
    service.batch = item -> allowedItem(item, 2);
    session.window(window("EURUSD"));
    assertEquals(MlRpcException.MISMATCHED_ANSWER, failureOf(session.appendAsync(bars("EURUSD", 7))).reason());
  }

  @Test
  void keepsBarsWhoseTimeWasUpHoweverLongTheOutage() {
    Function<BatchPredictRequest, BatchPredictResponse> answer = counting();
    AtomicBoolean isDown = new AtomicBoolean(true);
    service.batch =
        item -> {
          if (isDown.get() && service.items.size() > 1) throw refusal(Status.Code.UNAVAILABLE, "down");
          return answer.apply(item);
        };
    session.window(window("EURUSD"));
    int lost = UNANSWERED_MAX + 3;
    for (int bar = 0; bar < lost; bar++) {
      CompletableFuture<Decision> late = session.appendAsync(bars("EURUSD", bar), Duration.ofNanos(1));
      assertEquals(Status.Code.DEADLINE_EXCEEDED, failureOf(late).code());
    }
    isDown.set(false);
    assertEquals(2 + lost + 1, session.append(bars("EURUSD", -1)).response().getBarIndex());
    PredictRequest last = service.items.get(service.items.size() - 1).getWindow();
    assertEquals(List.of(lost - 2.0, lost - 1.0, -1.0), last.getFeaturesMap().get("atr").getValuesList());
  }

  @Test
  void letsLostItemsGoOnceTheyArePartOfTheWindow() {
    BatchPlace place = new BatchPlace();
    place.window = KeptWindow.of(window("EURUSD"));
    BatchQueue queue = new BatchQueue();
    BatchItem.Key key = new BatchItem.Key("EURUSD", "4H");
    queue.places.put(key, place);
    for (int bar = 0; bar < 10; bar++) {
      BatchItem item = BatchItem.ofBars("bar " + bar, bars("EURUSD", bar), Duration.ZERO);
      queue.add(item);
      queue.expire(item);
      assertEquals(1, place.lost.size());
      assertEquals(0, queue.size());
    }
  }

  @Test
  void isClosedWithItsClient() {
    service.batch = item -> null;
    CompletableFuture<Decision> unanswered = session.windowAsync(window("EURUSD"));
    client.close();
    assertEquals(MlRpcException.SESSION_CLOSED, failureOf(unanswered).reason());
    assertEquals(MlRpcException.SESSION_CLOSED, failureOf(session.windowAsync(window("EURUSD"))).reason());
  }

  @Test
  void doesNotTryAgainWhatAnotherStreamWouldMeetToo() {
    service.batch =
        item -> {
          throw refusal(Status.Code.UNAUTHENTICATED, "who are you?");
        };
    assertEquals(Status.Code.UNAUTHENTICATED, failureOf(session.windowAsync(window("EURUSD"))).code());
    assertEquals(1, service.items.size());
  }

  @Test
  void hasAsManyUnansweredItemsAsItMayAndEndsThemWhenItIsClosed() {
    List<CompletableFuture<Decision>> unanswered = new ArrayList<>();
    for (int item = 0; item < UNANSWERED_MAX; item++) unanswered.add(session.appendAsync(bars("EURUSD", 1)));
    assertEquals(MlRpcException.TOO_MANY_UNANSWERED, failureOf(session.appendAsync(bars("EURUSD", 1))).reason());
    session.close();
    for (CompletableFuture<Decision> each : unanswered) {
      assertEquals(MlRpcException.SESSION_CLOSED, failureOf(each).reason());
    }
    assertEquals(MlRpcException.SESSION_CLOSED, failureOf(session.appendAsync(bars("EURUSD", 1))).reason());
  }

  @Test
  void answersItemsOfManySymbolsEachAtItsOwnBar() {
    Map<String, Integer> indexes = new HashMap<>();
    service.batch =
        item -> {
          String symbol = item.getWindow().getSymbol() + item.getAppend().getSymbol();
          return allowedItem(item, indexes.merge(symbol, item.hasWindow() ? 2 : 1, Integer::sum));
        };
    List<String> symbols = List.of("EURUSD", "GBPUSD", "USDJPY");
    List<CompletableFuture<Decision>> decisions = new ArrayList<>();
    for (int bar = 0; bar < 50; bar++) {
      for (String symbol : symbols) {
        decisions.add(bar == 0 ? session.windowAsync(window(symbol)) : session.appendAsync(bars(symbol, bar)));
      }
    }
    for (int item = 0; item < decisions.size(); item++) {
      Decision decision = decisions.get(item).join();
      assertEquals(symbols.get(item % 3), decision.response().getSymbol());
      assertEquals(2 + item / 3, decision.response().getBarIndex());
    }
  }

  private static MlRpcException failureOf(CompletableFuture<Decision> future) {
    return MlRpcException.from(assertThrows(RuntimeException.class, future::join));
  }
}
