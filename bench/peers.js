// Contenders of the benchmark. Each is {run(epochs), weights()}: train so many epochs; the weights of each layer, (in, out) row by row.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

  /** The compiled kernel: copy in, one call, copy out, for every chunk of epochs, as the page does it. */
  function kernel({ module, image, size, name, args, from, epochs }) {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes(module)));
    exports.memory.grow(Math.ceil(size / 65536));
    const memory = new Uint8Array(exports.memory.buffer);
    const input = bytes(image);
    const output = new Uint8Array(size - from);
    const call = exports[name];
    return {
      run(wanted) {
        for (let done = 0; done < wanted; done += epochs) {
          memory.set(input);
          call(...args);
          output.set(memory.subarray(from, size));
        }
      },
    };
  }

  /** ConvNetJS: float64. Its squared error has no 2, so the same step is twice the rate. Rows go through one at a time. */
  function convnet({ hidden, weights, biases, x, y, batch, rate }) {
    const { FullyConnLayer, InputLayer, RegressionLayer, ReluLayer, SigmoidLayer, TanhLayer } = convnetjs;
    const Hidden = { ReLU: ReluLayer, Tanh: TanhLayer }[hidden];
    const shape = (depth) => ({ in_sx: 1, in_sy: 1, in_depth: depth });
    const net = new convnetjs.Net();
    const linear = [];
    net.layers = [new InputLayer({ out_sx: 1, out_sy: 1, out_depth: weights[0].length })];
    weights.forEach((matrix, k) => {
      const outputs = biases[k].length;
      const layer = new FullyConnLayer({ ...shape(matrix.length), num_neurons: outputs });
      for (let j = 0; j < outputs; j++) {
        matrix.forEach((row, i) => (layer.filters[j].w[i] = row[j]));
        layer.biases.w[j] = biases[k][j];
      }
      const Activation = k + 1 < weights.length ? Hidden : SigmoidLayer;
      linear.push(layer);
      net.layers.push(layer, new Activation(shape(outputs)));
    });
    net.layers.push(new RegressionLayer(shape(y[0].length)));
    const options = { method: "sgd", learning_rate: 2 * rate, momentum: 0, l1_decay: 0, l2_decay: 0, batch_size: batch };
    const trainer = new convnetjs.Trainer(net, options);
    const rows = x.map((row) => new convnetjs.Vol(row));
    return {
      run(epochs) {
        for (let e = 0; e < epochs; e++) for (let r = 0; r < rows.length; r++) trainer.train(rows[r], y[r]);
      },
      weights: () => linear.map(({ filters }) => [...filters[0].w].flatMap((_, i) => filters.map(({ w }) => w[i]))),
    };
  }

  /** TensorFlow.js, core API, CPU backend (its fastest for such small networks): float32, nothing is read back. */
  function tensorflow({ hidden, weights, biases, x, y, batch, rate }) {
    const w = weights.map((matrix) => tf.variable(tf.tensor2d(matrix)));
    const b = biases.map((vector) => tf.variable(tf.tensor1d(vector)));
    const activate = { ReLU: tf.relu, Tanh: tf.tanh }[hidden];
    const batches = [];
    for (let start = 0; start < x.length; start += batch) {
      const end = start + batch;
      batches.push([tf.tensor2d(x.slice(start, end)), tf.tensor2d(y.slice(start, end))]);
    }
    const optimizer = tf.train.sgd(rate);
    const predict = (rows) => {
      let a = rows;
      w.forEach((matrix, k) => {
        const z = tf.add(tf.matMul(a, matrix), b[k]);
        a = k + 1 < w.length ? activate(z) : tf.sigmoid(z);
      });
      return a;
    };
    return {
      run(epochs) {
        for (let e = 0; e < epochs; e++)
          for (const [rows, targets] of batches)
            optimizer.minimize(() => tf.losses.meanSquaredError(targets, predict(rows)));
      },
      weights: () => w.map((matrix) => [...matrix.dataSync()]),
    };
  }

  /** A Python function of the page. */
  const fromPython = (run) => ({ run: (epochs) => void run(epochs)?.destroy?.() });

  const timed = (contender, epochs) => {
    const start = performance.now();
    contender.run(epochs);
    return performance.now() - start;
  };

  /**
   * Microseconds an epoch, `rounds` samples each, taken in turns. A sample is long enough that a clock of 0.1 ms and a
   * garbage collection do not matter, and each contender has warmed up before.
   */
  async function measure(contenders, rounds, sampleMs, chunk) {
    const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
    const epochs = {};
    for (const [name, contender] of Object.entries(contenders)) {
      let n = contender.chunked ? chunk : 1;
      for (let warm = 0; warm < 30; warm++) {
        timed(contender, n);
        await pause();
      }
      while (timed(contender, n) < sampleMs) n *= 2;
      epochs[name] = n;
    }
    const samples = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
    for (let round = 0; round < rounds; round++)
      for (const [name, contender] of Object.entries(contenders)) {
        samples[name].push((1000 * timed(contender, epochs[name])) / epochs[name]);
        await pause();
      }
    return samples;
  }

  globalThis.bench = { kernel, convnet, tensorflow, fromPython, measure };
})();
