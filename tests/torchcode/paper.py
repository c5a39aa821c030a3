"""Listing 1 of the paper (section 6), as printed there."""

PAPER = """
import torch
import torch.nn as nn
import torch.optim as optim

class XORNet(nn.Module):
    def __init__(self):
        super(XORNet, self).__init__()
        self.fc1 = nn.Linear(2, 4)
        self.fc2 = nn.Linear(4, 4)
        self.fc3 = nn.Linear(4, 1)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = self.relu(self.fc1(x))
        x = self.relu(self.fc2(x))
        return torch.sigmoid(self.fc3(x))

model = XORNet()
criterion = nn.MSELoss()
optimizer = optim.SGD(
    model.parameters(), lr=0.1
)

X = torch.tensor(
    [[0,0],[0,1],[1,0],[1,1]],
    dtype=torch.float32
)
y = torch.tensor(
    [[0],[1],[1],[0]],
    dtype=torch.float32
)

for epoch in range(1000):
    optimizer.zero_grad()
    output = model(X)
    loss = criterion(output, y)
    loss.backward()
    optimizer.step()
"""
